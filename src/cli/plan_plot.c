#include "cli/plan_plot.h"

#include <math.h>
#include <stdio.h>

#include "report/plot.h"

/* The points of the frontier as columns: cost over share, from left to right. */
static dr_status frontier_points(dr_table **out, const dr_table *curve)
{
    const dr_column_spec columns[] = {{"share", DR_SHOW_NUMBER}, {"cost", DR_SHOW_PERCENT}};
    size_t share = (size_t)dr_table_find(curve, "share"), cost = (size_t)dr_table_find(curve, "cost");
    dr_table *points = NULL;
    DR_TRY(dr_table_new(&points, columns, 2));
    dr_table_caption(points, curve);
    for (size_t i = curve->rows; i-- > 0;) {
        size_t row = dr_table_add_row(points);
        dr_table_set_number(points, row, 0, 100 * dr_table_number(curve, i, share));
        dr_table_set_number(points, row, 1, dr_table_number(curve, i, cost));
    }
    return dr_table_finish(out, points, DR_OK);
}

dr_status cli_plot_frontier(const cli_line *line, const dr_table *curve)
{
    char what[256];
    dr_table *points = NULL;
    DR_TRY(frontier_points(&points, curve));
    snprintf(what, sizeof what, "cost in real income against the share of %s (percent, horizontal)",
             cli_text(line, "from"));
    const dr_plot plot = {.table = points,
                          .kind = DR_PLOT_LINES,
                          .what = what,
                          .rows = points->rows,
                          .series = 1,
                          .columns = {1},
                          .labels = {"cost"}};
    dr_status status = dr_plot_write(&plot, cli_text(line, "plot"));
    dr_table_free(points);
    return status;
}

enum { LOSS, COST, PLAN_COST };

static void add_point(dr_table *out, double loss, double cost, double plan_cost)
{
    size_t row = dr_table_add_row(out);
    dr_table_set_number(out, row, LOSS, loss);
    dr_table_set_number(out, row, COST, cost);
    dr_table_set_number(out, row, PLAN_COST, plan_cost);
}

/* Writes the frontier, which runs from the largest loss down, from left to right, and the plan at its place between two
 * points of the frontier, at which the cost of the frontier is interpolated:
 *   cost(loss) = left_cost + (right_cost - left_cost) (loss - left) / (right - left). */
static void add_points(dr_table *out, const dr_table *curve, double plan_loss, double plan_cost)
{
    size_t loss = (size_t)dr_table_find(curve, "loss"), cost = (size_t)dr_table_find(curve, "cost");
    double left = -INFINITY, left_cost = NAN;
    for (size_t i = curve->rows; i-- > 0;) {
        double right = dr_table_number(curve, i, loss), right_cost = dr_table_number(curve, i, cost);
        if (left < plan_loss && plan_loss <= right)
            add_point(out, plan_loss, left_cost + (right_cost - left_cost) * (plan_loss - left) / (right - left),
                      plan_cost);
        add_point(out, right, right_cost, NAN);
        left = right;
        left_cost = right_cost;
    }
    if (!(left >= plan_loss))
        add_point(out, plan_loss, NAN, plan_cost);
}

dr_status cli_plot_cut_off(const cli_line *line, const dr_table *curve, const dr_plan *plan)
{
    const dr_column_spec columns[] = {[LOSS] = {"loss", DR_SHOW_NUMBER},
                                      [COST] = {"cost", DR_SHOW_PERCENT},
                                      [PLAN_COST] = {"plan_cost", DR_SHOW_PERCENT}};
    char what[256];
    dr_table *table = NULL, *points = NULL;
    DR_TRY(dr_plan_sectors(&table, plan));
    dr_status status = dr_table_new(&points, columns, sizeof columns / sizeof *columns);
    if (status == DR_OK) {
        dr_table_caption(points, table);
        add_points(points, curve, dr_table_fact(table, "plan.loss"), dr_table_fact(table, "plan.cost"));
        snprintf(what, sizeof what, "cost against the loss if %s cuts supply (horizontal)", cli_text(line, "from"));
        const dr_plot plot = {.table = points,
                              .kind = DR_PLOT_LINES,
                              .what = what,
                              .rows = points->rows,
                              .series = 2,
                              .columns = {COST, PLAN_COST},
                              .labels = {"one cap for all sectors", "this plan"}};
        status = dr_table_done(points);
        if (status == DR_OK)
            status = dr_plot_write(&plot, cli_text(line, "plot"));
    }
    dr_table_free(points);
    dr_table_free(table);
    return status;
}
