/* Writing is whole or not at all: killed, on a full disk, in a folder that cannot be written, beside other programs.
 * The program starts itself again for what has to happen in a process of its own. */
#include "support/world_files.h"

#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "world/write.h"

/* ---- In a process of its own ---- */

/* "import WORLD FILE": the process ends with the status, and the error as its output. */
static int do_import(char **arguments)
{
    const char *file = arguments[1];
    dr_status status = dr_import_icio(NULL, &file, 1, arguments[0], NULL);
    if (status != DR_OK)
        fputs(dr_error_text(), stdout);
    return (int)status;
}

/* "limited BYTES WORLD FILE": with files no larger than that. */
static int do_limited(char **arguments)
{
    rlim_t bytes = strtoul(arguments[0], NULL, 10);
    const struct rlimit limit = {bytes, bytes};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return -1;
    return do_import(arguments + 1);
}

/* "nobody WORLD FILE": without root's rights. */
static int do_as_nobody(char **arguments)
{
    if (geteuid() == 0 &&
        (setgroups(0, NULL) != 0 || setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0))
        return -1;
    return do_import(arguments);
}

/* "read WORLD" and "write WORLD": it is open until the process is killed. */
static int do_hold(const char *how, const char *path)
{
    dr_world *world = NULL;
    dr_writer *writer = NULL;
    dr_status status = strcmp(how, "read") == 0 ? dr_world_open(&world, path) : dr_writer_open(&writer, path);
    puts(status == DR_OK ? "open" : dr_error_text());
    fflush(stdout);
    pause();
    return 0;
}

static int do_role(char **arguments)
{
    if (strcmp(arguments[0], "import") == 0)
        return do_import(arguments + 1);
    if (strcmp(arguments[0], "limited") == 0)
        return do_limited(arguments + 1);
    if (strcmp(arguments[0], "nobody") == 0)
        return do_as_nobody(arguments + 1);
    return do_hold(arguments[0], arguments[1]);
}

static char program[PATH_MAX]; /* by name, as under valgrind /proc/self/exe is valgrind */

typedef struct child {
    pid_t id;
    int output;
} child;

static child start(const char *role, const char *a, const char *b, const char *c)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    child made = {fork(), ends[0]};
    assert_true(made.id >= 0);
    if (made.id == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(program, program, role, a, b, c, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    return made;
}

/* Waits for its end; returns its status (-1: killed) and what it said. */
static int finish(child c, char said[1024])
{
    size_t size = 0;
    for (ssize_t got; size < 1023 && (got = read(c.output, said + size, 1023 - size)) > 0;)
        size += (size_t)got;
    said[size] = '\0';
    close(c.output);
    int status = 0;
    assert_int_equal(waitpid(c.id, &status, 0), c.id);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void stop(child c)
{
    char said[1024];
    kill(c.id, SIGKILL);
    assert_int_equal(finish(c, said), -1);
}

/* ---- A table that takes a while ---- */

enum { REGIONS = 20, SECTORS = 20, USES = 2 };

static void write_table(const char *path, int value)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("V1", file);
    for (int i = 0; i < REGIONS * SECTORS; i++)
        fprintf(file, ",R%d_s%d", i / SECTORS, i % SECTORS);
    for (int i = 0; i < REGIONS * USES; i++)
        fprintf(file, ",R%d_f%d", i / USES, i % USES);
    fputs(",OUT\n", file);
    for (int row = 0; row < REGIONS * SECTORS + 1; row++) {
        if (row < REGIONS * SECTORS)
            fprintf(file, "R%d_s%d", row / SECTORS, row % SECTORS);
        else
            fputs("VA", file);
        for (int i = 0; i < REGIONS * (SECTORS + USES) + 1; i++)
            fprintf(file, ",%d", value);
        fputc('\n', file);
    }
    assert_int_equal(fclose(file), 0);
}

/* What the world holds of 2011: the value of every cell, or 0 for nothing; anything in between fails. */
static int value_in(const char *path)
{
    const double cells = (double)REGIONS * SECTORS * REGIONS * SECTORS;
    assert_true(query_number(path, "SELECT count(*) FROM year") == 1);
    assert_true(query_number(path, "SELECT count(*) FROM source WHERE year = 2011") == 1);
    assert_int_equal(query_number(path, "SELECT count(*) FROM intermediate"), cells);
    assert_true(query_number(path, "SELECT count(*) FROM final") == (double)REGIONS * SECTORS * REGIONS * USES);
    double least =
        query_number(path, "SELECT least((SELECT min(value) FROM intermediate), (SELECT min(value) FROM final),"
                           " (SELECT min(value) FROM output), (SELECT min(value) FROM value_added))");
    double most =
        query_number(path, "SELECT greatest((SELECT max(value) FROM intermediate), (SELECT max(value) FROM final),"
                           " (SELECT max(value) FROM output), (SELECT max(value) FROM value_added))");
    assert_true(least == most);
    return (int)least;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void wait_seconds(double time)
{
    struct timespec span = {(time_t)time, (long)(1e9 * (time - (double)(time_t)time))};
    nanosleep(&span, NULL);
}

/* ---- Killed ---- */

enum { KILLS = 16 };

static double time_of_import(const char *world)
{
    char said[1024];
    double before = seconds();
    assert_int_equal(finish(start("import", world, "two_2011.csv", NULL), said), 0);
    return seconds() - before;
}

static void a_killed_import_leaves_the_old_world_or_the_new(void **state)
{
    (void)state;
    char said[1024];
    int old = 0, new = 0;
    write_table("one_2011.csv", 1);
    write_table("two_2011.csv", 2);
    assert_int_equal(finish(start("import", "first.world", "one_2011.csv", NULL), said), 0);
    size_t size = 0;
    char *bytes = read_bytes("first.world", &size);
    write_bytes("a.world", bytes, size);
    double whole = time_of_import("a.world");
    for (int i = 0; i <= KILLS; i++) {
        unlink("a.world.wal"); /* of the one before: logs belong to their file */
        unlink("a.world.wal.checkpoint");
        unlink("a.world.wal.recovery");
        write_bytes("a.world", bytes, size);
        child c = start("import", "a.world", "two_2011.csv", NULL);
        wait_seconds(1.1 * whole * i / KILLS);
        kill(c.id, SIGKILL);
        finish(c, said);
        int value = value_in("a.world");
        assert_true(value == 1 || value == 2);
        old += value == 1;
        new += value == 2;
        assert_int_equal(finish(start("import", "a.world", "two_2011.csv", NULL), said), 0);
        assert_int_equal(value_in("a.world"), 2);
    }
    print_message("killed %d times: %d old, %d new\n", KILLS + 1, old, new);
    assert_true(old > 0);
    free(bytes);
}

static void a_killed_first_import_leaves_no_world_or_a_whole_one(void **state)
{
    (void)state;
    char said[1024];
    int left = 0;
    write_table("two_2011.csv", 2);
    double whole = time_of_import("a.world");
    for (int i = 0; i <= KILLS; i++) {
        unlink("a.world");
        child c = start("import", "a.world", "two_2011.csv", NULL);
        wait_seconds(1.1 * whole * i / KILLS);
        kill(c.id, SIGKILL);
        finish(c, said);
        left += is_there(".a.world.derisk");
        assert_false(is_there("a.world.wal"));
        if (is_there("a.world"))
            assert_int_equal(value_in("a.world"), 2);
        else
            assert_int_equal(finish(start("import", "a.world", "two_2011.csv", NULL), said), 0);
        assert_int_equal(value_in("a.world"), 2);
    }
    print_message("killed %d times: %d parts were left, and removed by the next import\n", KILLS + 1, left);
    assert_true(left > 0);
    unlink("a.world");
    assert_int_equal(mkdir(".a.world.derisk", 0700), 0);
    write_text(".a.world.derisk/world", "of a killed program");
    write_text("a.world.part", "somebody's own");
    assert_int_equal(finish(start("import", "a.world", "two_2011.csv", NULL), said), 0);
    assert_false(is_there(".a.world.derisk"));
    assert_true(is_there("a.world.part"));
}

/* Nothing is removed that is not known to be derisk's. */
static void what_somebody_else_put_there_stays(void **state)
{
    (void)state;
    char said[1024];
    write_table("two_2011.csv", 2);
    assert_int_equal(mkdir(".a.world.derisk", 0700), 0);
    write_text(".a.world.derisk/notes.txt", "somebody's own");
    assert_int_equal(finish(start("import", "a.world", "two_2011.csv", NULL), said), 0);
    assert_int_equal(value_in("a.world"), 2);
    assert_true(is_there(".a.world.derisk/notes.txt"));
    write_text(".b.world.derisk", "a file in the way");
    assert_int_equal(finish(start("import", "b.world", "two_2011.csv", NULL), said), DR_MACHINE);
    assert_string_equal(said, "b.world: the folder './.b.world.derisk', needed to write it, belongs to another user");
    assert_true(is_there(".b.world.derisk"));
}

/* ---- A full disk ---- */

static void files_that_may_not_grow_are_not_spoilt(void **state)
{
    (void)state;
    char said[1024], bytes[32];
    int failed = 0;
    write_table("one_2011.csv", 1);
    write_table("two_2011.csv", 2);
    assert_int_equal(finish(start("import", "a.world", "one_2011.csv", NULL), said), 0);
    for (int step = 0; step < 14; step++) {
        snprintf(bytes, sizeof bytes, "%d", 1000 + 800000 * step);
        int before = value_in("a.world");
        int status = finish(start("limited", bytes, "a.world", before == 1 ? "two_2011.csv" : "one_2011.csv"), said);
        assert_int_equal(value_in("a.world"), status == DR_OK ? 3 - before : before);
        assert_true(status == DR_OK || (status == DR_MACHINE && strncmp(said, "a.world: ", 9) == 0));
        failed += status != DR_OK;
        int made = finish(start("limited", bytes, "new.world", "one_2011.csv"), said);
        assert_int_equal(is_there("new.world"), made == DR_OK);
        assert_false(is_there(".new.world.derisk"));
        if (made == DR_OK)
            assert_int_equal(value_in("new.world"), 1);
        unlink("new.world");
    }
    assert_true(failed > 0 && failed < 14);
}

/* Ever less room on the disk; whether all went as it should. */
static bool fill_disk(void)
{
    static char filler[600000];
    char said[1024], name[64];
    if (finish(start("import", "disk/a.world", "one_2011.csv", NULL), said) != DR_OK)
        return false;
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "disk/filler%d", i);
        FILE *file = fopen(name, "wb"); /* which may be cut short: the disk is as full as it gets then */
        fwrite(filler, 1, sizeof filler, file);
        fclose(file);
        int before = value_in("disk/a.world");
        int status = finish(start("import", "disk/a.world", before == 1 ? "two_2011.csv" : "one_2011.csv", NULL), said);
        if (value_in("disk/a.world") != (status == DR_OK ? 3 - before : before))
            return false;
        if (status != DR_OK && strcmp(said, "disk/a.world: no space left on the disk") != 0)
            return false;
        status = finish(start("import", "disk/b.world", "one_2011.csv", NULL), said);
        if (status != DR_MACHINE || !strstr(said, ": no space left on the disk") || is_there("disk/b.world") ||
            is_there("disk/.b.world.derisk"))
            return false;
    }
    return true;
}

static void a_full_disk_spoils_nothing(void **state)
{
    (void)state;
    assert_int_equal(mkdir("disk", 0777), 0);
    if (mount("none", "disk", "tmpfs", 0, "size=6m") != 0) {
        print_message("skipped: no right to mount a small disk\n");
        skip();
    }
    write_table("one_2011.csv", 1);
    write_table("two_2011.csv", 2);
    bool fine = fill_disk();
    assert_int_equal(umount2("disk", MNT_DETACH), 0);
    assert_true(fine);
}

/* ---- No permission ---- */

static void what_may_not_be_written_stays_as_it_is(void **state)
{
    (void)state;
    char said[1024];
    make_small_world("a.world");
    assert_int_equal(chmod("a.world", 0444), 0);
    assert_int_equal(chmod(test_folder, 0555), 0);
    assert_int_equal(finish(start("nobody", "new.world", "small_2011.csv", NULL), said), DR_MACHINE);
    assert_string_equal(said, "new.world: cannot write in the folder '.': Permission denied");
    assert_int_equal(finish(start("nobody", "a.world", "small_2011.csv", NULL), said), DR_MACHINE);
    assert_string_equal(said, "a.world: no permission to change it");
    assert_int_equal(chmod("a.world", 0666), 0); /* but no log can be made beside it */
    assert_int_equal(finish(start("nobody", "a.world", "small_2011.csv", NULL), said), DR_MACHINE);
    assert_string_equal(said, "a.world: cannot write in the folder '.': Permission denied");
    assert_true(query_number("a.world", "SELECT sum(value) FROM output") == 380);
    assert_int_equal(chmod(test_folder, 0755), 0);
    const char *file = "small_2011.csv";
    assert_failed(dr_import_icio(NULL, &file, 1, "nowhere/a.world", NULL), DR_BAD_INPUT,
                  "nowhere/a.world: the folder 'nowhere': it does not exist");
}

/* ---- Two programs ---- */

static void wait_until_open(child c)
{
    char said[64] = "";
    assert_true(read(c.output, said, sizeof said - 1) > 0);
    assert_string_equal(said, "open\n");
}

/* That the line, which names the process, is what was said. */
static void expect_busy(dr_status status, const char *world, child c, const char *does)
{
    char line[256];
    snprintf(line, sizeof line,
             "%s: another program (process %ld) is still %s it after three seconds; try again when it has finished",
             world, (long)c.id, does);
    assert_failed(status, DR_MACHINE, line);
}

static void two_programs_do_not_meet(void **state)
{
    (void)state;
    dr_world *world = NULL;
    const char *file = "small_2011.csv";
    make_small_world("a.world");
    child c = start("read", "a.world", NULL, NULL);
    wait_until_open(c);
    expect_busy(dr_import_icio(NULL, &file, 1, "a.world", NULL), "a.world", c, "using");
    assert_ok(dr_world_open(&world, "a.world"));
    dr_world_close(world);
    stop(c);
    c = start("write", "a.world", NULL, NULL);
    wait_until_open(c);
    expect_busy(dr_world_open(&world, "a.world"), "a.world", c, "writing");
    expect_busy(dr_import_icio(NULL, &file, 1, "a.world", NULL), "a.world", c, "using");
    stop(c);
    assert_ok(dr_import_icio(NULL, &file, 1, "a.world", NULL));
    c = start("write", "new.world", NULL, NULL);
    wait_until_open(c);
    expect_busy(dr_import_icio(NULL, &file, 1, "new.world", NULL), "new.world", c, "making");
    assert_true(is_there(".new.world.derisk"));
    stop(c);
    assert_ok(dr_import_icio(NULL, &file, 1, "new.world", NULL));
    assert_false(is_there(".new.world.derisk"));
}

/* Whoever may only read the folder can lock it, and holds up nobody. */
static void a_locked_folder_is_no_matter(void **state)
{
    (void)state;
    const char *file = "small_2011.csv";
    make_small_world("a.world");
    int folder = open(".", O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(folder, LOCK_EX), 0);
    double before = seconds();
    assert_ok(dr_import_icio(NULL, &file, 1, "new.world", NULL));
    assert_ok(dr_import_icio(NULL, &file, 1, "a.world", NULL));
    close(folder);
    print_message("imported twice in %.2f s\n", seconds() - before);
}

int main(int count, char **arguments)
{
    if (count > 1)
        return do_role(arguments + 1);
    if (!realpath(arguments[0], program))
        return 1;
#define TEST(name) cmocka_unit_test_setup(name, empty_folder)
    const struct CMUnitTest tests[] = {
        TEST(a_killed_import_leaves_the_old_world_or_the_new),
        TEST(a_killed_first_import_leaves_no_world_or_a_whole_one),
        TEST(what_somebody_else_put_there_stays),
        TEST(files_that_may_not_grow_are_not_spoilt),
        TEST(a_full_disk_spoils_nothing),
        TEST(what_may_not_be_written_stays_as_it_is),
        TEST(two_programs_do_not_meet),
        TEST(a_locked_folder_is_no_matter),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
