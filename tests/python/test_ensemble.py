"""derisk.ensemble on Dask: the same as one run, whatever happens to workers."""

import os
import signal
import threading
import time

import pytest

distributed = pytest.importorskip("distributed")

import derisk as dr  # noqa: E402

CHANGE = {"tariffs": "EU:CHN:all:10%", "elasticity_error": 0.2}


@pytest.fixture(scope="module")
def cluster():
    import pathlib

    package = str(pathlib.Path(dr.__file__).parent.parent)
    os.environ["PYTHONPATH"] = package
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with distributed.Client(cluster) as client:
        yield client


def test_same_as_one_run(world, client, tmp_path):
    alone = world.simulate(**CHANGE, draws=60)
    found = dr.ensemble(world, **CHANGE, draws=60, parts=7, client=client, to=tmp_path)
    assert found.to_csv() == alone.to_csv() and len(list(tmp_path.iterdir())) == 7
    times = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    lost = sorted(tmp_path.iterdir())[3]
    lost.unlink()
    again = dr.ensemble(world, **CHANGE, draws=60, parts=7, client=client, to=tmp_path)
    assert again.to_csv() == alone.to_csv()
    assert {path for path in tmp_path.iterdir() if path.stat().st_mtime_ns != times[path]} == {lost}


def test_a_sweep_is_the_same_as_one_run(world, client, tmp_path):
    sweep = {"tariffs": "EU:CHN:all:10%", "sweep": "rate=5%:40%:5%"}
    found = dr.ensemble(world, **sweep, parts=3, client=client, to=tmp_path)
    assert found.to_csv() == world.simulate(**sweep).to_csv() and len(list(tmp_path.iterdir())) == 3
    with pytest.raises(dr.Usage, match="expected draws or sweep, one of them"):
        dr.ensemble(world, **sweep, draws=4, client=client, to=tmp_path)


def test_a_killed_worker_loses_nothing(world, client, tmp_path):
    scenario = {"changes": [{"tariff": {"by": "EU", "on": "CHN", "sectors": "all", "rate": 0.1}}]}
    first = next(iter(client.run(os.getpid).values()))

    def kill():
        while len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.01)
        os.kill(first, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    found = dr.ensemble(world, scenario, draws=300, elasticity_error=0.2, parts=30, client=client, to=tmp_path)
    killer.join()
    assert found.to_csv() == world.simulate(scenario, draws=300, elasticity_error=0.2).to_csv()


def test_errors(world, client, tmp_path):
    with pytest.raises(dr.BadInput, match="did you mean 'EU'"):
        dr.ensemble(world, tariffs="EUU:CHN:all:10%", elasticity_error=0.2, draws=4, client=client, to=tmp_path / "a")
    dr.ensemble(world, **CHANGE, draws=4, parts=2, client=client, to=tmp_path / "b")
    with pytest.raises(dr.BadInput, match="of-2.parquet"):
        dr.ensemble(world, **CHANGE, draws=4, parts=2, seed=2, client=client, to=tmp_path / "b")
    with distributed.LocalCluster(n_workers=0, dashboard_address=None) as empty, distributed.Client(empty) as nobody:
        with pytest.raises(dr.MachineError, match="no worker after 1 seconds"):
            dr.ensemble(world, **CHANGE, draws=4, client=nobody, to=tmp_path / "c", wait=1)
