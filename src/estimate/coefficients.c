/* Functions of the coefficients of a fit, such as 100 * (exp(rta) - 1): their values and gradients. What is written
 * like a variable of the formula is its coefficient, even where it looks like a function: log(dist). */
#include <math.h>
#include <string.h>

#include "estimate/gravity.h"

static const dr_variable *variable_of(const dr_fitted *fit, const dr_node *node)
{
    for (size_t k = 0; k < fit->variables; k++)
        if (strcmp(fit->variable[k].label, node->label) == 0)
            return &fit->variable[k];
    return NULL;
}

static double binary(dr_operation operation, double x, double y)
{
    switch (operation) {
    case DR_OP_ADD:
        return x + y;
    case DR_OP_SUBTRACT:
        return x - y;
    case DR_OP_MULTIPLY:
        return x * y;
    case DR_OP_DIVIDE:
        return x / y;
    case DR_OP_POWER:
        return pow(x, y);
    default:
        return NAN;
    }
}

static double value(const dr_fitted *fit, const dr_node *node, const double *b)
{
    const dr_variable *v = variable_of(fit, node);
    if (v)
        return b[v->at];
    if (node->kind == DR_NODE_NUMBER)
        return node->number;
    if (node->kind == DR_NODE_CALL)
        return dr_operation_of_one(node->operation, value(fit, node->left, b));
    if (node->kind == DR_NODE_BINARY)
        return binary(node->operation, value(fit, node->left, b), value(fit, node->right, b));
    return NAN;
}

/* The derivative of a function of one number at x. */
static double slope(dr_operation operation, double x)
{
    switch (operation) {
    case DR_OP_LOG:
        return 1 / x;
    case DR_OP_EXP:
        return exp(x);
    case DR_OP_SQRT:
        return 1 / (2 * sqrt(x));
    default:
        return x < 0 ? -1 : 1;
    }
}

/* gradient += times that of the node. */
static void add_gradient(const dr_fitted *fit, const dr_node *node, const double *b, double times, double *gradient)
{
    const dr_variable *v = variable_of(fit, node);
    if (v)
        gradient[v->at] += times;
    else if (node->kind == DR_NODE_CALL)
        add_gradient(fit, node->left, b, times * slope(node->operation, value(fit, node->left, b)), gradient);
    if (v || node->kind != DR_NODE_BINARY)
        return;
    double x = value(fit, node->left, b), y = value(fit, node->right, b), by_x = times, by_y = times;
    if (node->operation == DR_OP_SUBTRACT)
        by_y = -times;
    else if (node->operation == DR_OP_MULTIPLY)
        by_x = times * y, by_y = times * x;
    else if (node->operation == DR_OP_DIVIDE)
        by_x = times / y, by_y = -times * x / (y * y);
    else if (node->operation == DR_OP_POWER)
        by_x = times * y * pow(x, y - 1), by_y = 0; /* to a number */
    add_gradient(fit, node->left, b, by_x, gradient);
    add_gradient(fit, node->right, b, by_y, gradient);
}

double dr_coefficients_value(const dr_fitted *fit, const dr_node *function, const double *b, double *gradient)
{
    if (gradient) {
        memset(gradient, 0,
               fit->regression ? fit->regression->regressors * sizeof *gradient : fit->variables * sizeof *gradient);
        add_gradient(fit, function, b, 1, gradient);
    }
    return value(fit, function, b);
}

static bool any_fit_has(const dr_gravity *g, const dr_node *node)
{
    for (size_t i = 0; i < g->fits; i++)
        if (variable_of(&g->fit[i], node))
            return true;
    return false;
}

static bool is_arithmetic(const dr_node *node)
{
    return node->kind == DR_NODE_NUMBER || node->kind == DR_NODE_CALL ||
           (node->kind == DR_NODE_BINARY && (node->operation <= DR_OP_DIVIDE || node->operation == DR_OP_POWER));
}

const dr_node *dr_coefficients_unknown(const dr_gravity *gravity, const dr_node *function)
{
    const dr_node *unknown = NULL;
    if (!function || any_fit_has(gravity, function))
        return NULL;
    if (!is_arithmetic(function))
        return function;
    unknown = dr_coefficients_unknown(gravity, function->left);
    return unknown ? unknown : dr_coefficients_unknown(gravity, function->right);
}

bool dr_coefficients_known(const dr_fitted *fit, const dr_node *function)
{
    if (!function || variable_of(fit, function))
        return true;
    return is_arithmetic(function) && dr_coefficients_known(fit, function->left) &&
           dr_coefficients_known(fit, function->right);
}

bool dr_coefficients_none(const dr_fitted *fit, const dr_node *function)
{
    return !function || (!variable_of(fit, function) && dr_coefficients_none(fit, function->left) &&
                         dr_coefficients_none(fit, function->right));
}

bool dr_coefficients_linear(const dr_fitted *fit, const dr_node *function)
{
    if (dr_coefficients_none(fit, function) || variable_of(fit, function))
        return true;
    if (function->kind != DR_NODE_BINARY)
        return false;
    bool left = dr_coefficients_none(fit, function->left), right = dr_coefficients_none(fit, function->right);
    bool both = dr_coefficients_linear(fit, function->left) && dr_coefficients_linear(fit, function->right);
    if (function->operation == DR_OP_POWER)
        return left && right;
    if (function->operation == DR_OP_MULTIPLY)
        return both && (left || right);
    return both && (function->operation != DR_OP_DIVIDE || right);
}
