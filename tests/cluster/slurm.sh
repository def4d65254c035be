#!/usr/bin/env bash
# The array of docs/combine.md on a Slurm of one node, made for this in a folder of its own: the parts come from jobs of
# the scheduler, one of which is killed and submitted again, and together they are the bytes of the single run.
# usage: tests/cluster/slurm.sh DERISK_PROGRAM     as root; needs Debian's slurmctld, slurmd, slurm-client and munge
set -euo pipefail
program=$(realpath "$1")
page=$(realpath "$(dirname "$0")/../../docs/combine.md")
for tool in munged slurmctld slurmd sbatch; do
    command -v "$tool" >/dev/null && continue
    echo "skipped: there is no $tool (Debian: slurmctld slurmd slurm-client munge)"
    exit 77
done
[ "$(id -u)" = 0 ] || { echo "skipped: the daemons of Slurm need root"; exit 77; }

work=$(mktemp -d)
daemons=()
cleanup() {
    for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
fail() {
    echo "$*" >&2
    tail -n 20 "$work"/*.log >&2
    exit 1
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
chmod 755 "$work"
mkdir -p "$work"/{state,spool,munge,bin}
dd if=/dev/urandom of="$work/munge/key" bs=1024 count=1 status=none
chmod 711 "$work/munge"
chmod 400 "$work/munge/key"
host=$(hostname -s)
cat >"$work/slurm.conf" <<END
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
MaxArraySize=2000
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES State=UP
END
export SLURM_CONF=$work/slurm.conf

munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" \
    --pid-file="$work/munge/pid" --log-file="$work/munge.log" --seed-file="$work/munge/seed" >"$work/munged.log" 2>&1 &
daemons+=($!)
slurmctld -D >"$work/slurmctld.log" 2>&1 &
daemons+=($!)
slurmd -D >"$work/slurmd.log" 2>&1 &
daemons+=($!)
for _ in $(seq 60); do
    sinfo --noheader --format=%T 2>/dev/null | grep -q idle && break
    sleep 0.5
done
sinfo --noheader --format=%T | grep -q idle || fail "Slurm did not start"

# The script of the page, for the sample, in eight parts and with what this machine has.
ln -s "$program" "$work/bin/derisk"
export PATH=$work/bin:$PATH
cd "$work"
derisk demo >/dev/null
awk '/^```text run.slurm$/ { on = 1; next } /^```$/ { on = 0 } on' "$page" |
    sed -e 's/--array=1-1000/--array=1-8/' -e 's/--cpus-per-task=4/--cpus-per-task=1/' -e '/--mem=/d' \
        -e 's/wiod.world duties.yaml/sample.world --tariff EU:CHN:transport-equipment:25%/' \
        -e 's/--draws 1000000/--draws 1600/' -e 's,TASK_ID/1000",TASK_ID/8",' >run.slurm
grep -q -- '--part "[$]SLURM_ARRAY_TASK_ID/8"' run.slurm ||
    fail "the script of docs/combine.md is another one than expected"
mkdir parts

job=$(sbatch --parsable run.slurm)
for _ in $(seq 200); do
    [ -n "$(ls parts)" ] && break
    sleep 0.05
done
scancel --signal=KILL --full "${job}_8" 2>/dev/null || true # whether it runs yet or not
scancel "${job}_8"
while [ -n "$(squeue --noheader)" ]; do sleep 0.3; done
[ ! -e parts/8.parquet ] || echo "the eighth part was made before it could be stopped"
sbatch --wait run.slurm >/dev/null || fail "the second array failed: $(cat slurm-*.out)"

derisk combine parts --format csv --output bands.csv
derisk simulate sample.world --tariff EU:CHN:transport-equipment:25% --draws 1600 --elasticity-error 20% \
    --format csv --output single.csv
cmp bands.csv single.csv || fail "the parts are not the single run"
grep -lq "is there already" slurm-*.out || fail "no part was left alone by the second array"
echo "Slurm: eight jobs, one stopped and submitted again, are the single run to the last byte"
