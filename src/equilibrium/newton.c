#include "equilibrium/newton.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <kinsol/kinsol.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_spgmr.h>

#include "base/cancel.h"
#include "equilibrium/precondition.h"

/* Vectors that GMRES keeps, and Newton's steps before it is given up. */
enum { KRYLOV = 120, MOST_STEPS = 50 };

/* The smallest tolerance of a residual: with large elasticities rounding errors are about as large. */
static const double ROUNDING = 1e-11;

struct dr_newton {
    dr_sweep *sweep;
    dr_equations equations;
    dr_tangent tangent;
    dr_preconditioner preconditioner;
    double *numbers;      /* the vectors */
    double *y;            /* where the equations were taken last */
    double *from, *start; /* work; x to go back to */
    double residual;      /* the largest of an equation at y */
    double loaded;        /* the part of the scenario that the equations hold */
    bool known, linear;   /* whether the equations are at y, and the tangent */
    long steps, products, most_products;
    void *context, *kinsol; /* SUNContext, since SUNDIALS 6 */
    SUNLinearSolver krylov;
    N_Vector unknowns, scale;
};

/* SUNDIALS 6 brought contexts, which every object takes; 7 gave the communicator a type. */
#if SUNDIALS_VERSION_MAJOR >= 7
#define NO_COMMUNICATOR SUN_COMM_NULL
#else
#define NO_COMMUNICATOR NULL
#endif
#if SUNDIALS_VERSION_MAJOR >= 6
#define WITH_CONTEXT(n) , (SUNContext)(n)->context
#define KIN_CREATE(n) KINCreate((SUNContext)(n)->context)
#define RIGHT SUN_PREC_RIGHT
static bool context_new(dr_newton *n)
{
    SUNContext context = NULL;
    bool there = SUNContext_Create(NO_COMMUNICATOR, &context) == 0;
    n->context = context;
    return there;
}
static void context_free(dr_newton *n)
{
    SUNContext context = n->context;
    SUNContext_Free(&context);
}
#else
#define WITH_CONTEXT(n)
#define KIN_CREATE(n) KINCreate()
#define RIGHT PREC_RIGHT
static bool context_new(dr_newton *n)
{
    (void)n;
    return true;
}
static void context_free(dr_newton *n)
{
    (void)n;
}
#endif

/* Takes the equations at y = u, unless they are there. */
static double move(dr_newton *n, N_Vector u)
{
    const double *y = N_VGetArrayPointer(u);
    size_t size = n->equations.count * sizeof *y;
    if (n->known && memcmp(n->y, y, size) == 0)
        return n->residual;
    memcpy(n->y, y, size);
    n->residual = dr_equations_at(&n->equations, n->y);
    n->known = true;
    n->linear = false;
    return n->residual;
}

static void linearise(dr_newton *n, N_Vector u)
{
    move(n, u);
    if (!n->linear)
        dr_tangent_at(&n->tangent);
    n->linear = true;
}

/* KINSOL's callbacks: F(u); J v; the preconditioner at u; and its solution for v. */
static int take_residual(N_Vector u, N_Vector f, void *user)
{
    dr_newton *n = user;
    if (!isfinite(move(n, u)))
        return 1; /* a shorter step may do */
    memcpy(N_VGetArrayPointer(f), n->equations.residual, n->equations.count * sizeof(double));
    return 0;
}

static int take_product(N_Vector v, N_Vector product, N_Vector u, int *is_new, void *user)
{
    dr_newton *n = user;
    (void)is_new;
    if (n->products >= n->most_products || dr_cancelled())
        return -1;
    linearise(n, u);
    dr_tangent_product(&n->tangent, N_VGetArrayPointer(v), N_VGetArrayPointer(product));
    n->products++;
    return 0;
}

static int set_up(N_Vector u, N_Vector u_scale, N_Vector f, N_Vector f_scale, void *user)
{
    dr_newton *n = user;
    (void)u_scale, (void)f, (void)f_scale;
    linearise(n, u);
    dr_preconditioner_at(&n->preconditioner);
    return 0;
}

static int precondition(N_Vector u, N_Vector u_scale, N_Vector f, N_Vector f_scale, N_Vector v, void *user)
{
    dr_newton *n = user;
    size_t size = n->equations.count * sizeof(double);
    (void)u, (void)u_scale, (void)f, (void)f_scale;
    memcpy(n->from, N_VGetArrayPointer(v), size);
    dr_preconditioner_solve(&n->preconditioner, n->from, N_VGetArrayPointer(v));
    return 0;
}

/* ---- KINSOL's vectors, aligned for the kernels, which take the products that GMRES makes of them. ---------------- */

static N_Vector vector_clone(N_Vector of)
{
    N_Vector vector = N_VCloneEmpty_Serial(of);
    double *numbers = vector ? dr_new_doubles((size_t)NV_LENGTH_S(of)) : NULL;
    if (!numbers) {
        if (vector)
            N_VDestroy_Serial(vector);
        return NULL;
    }
    NV_DATA_S(vector) = numbers;
    NV_OWN_DATA_S(vector) = 1;
    return vector;
}

static double vector_dot(N_Vector x, N_Vector y)
{
    double product;
    const double *row = NV_DATA_S(x);
    dr_kernels_best()->dots(1, (size_t)NV_LENGTH_S(x), &row, NV_DATA_S(y), &product);
    return product;
}

/* z = a x + b y; where z is one of them and stays whole, as in what GMRES does, by the kernels. */
static void vector_sum(double a, N_Vector x, double b, N_Vector y, N_Vector z)
{
    bool onto_x = z == x && a == 1 && x != y, onto_y = z == y && b == 1 && x != y;
    const double *row = onto_x ? NV_DATA_S(y) : NV_DATA_S(x), *by = onto_x ? &b : &a;
    if (onto_x || onto_y)
        dr_kernels_best()->combine(1, (size_t)NV_LENGTH_S(z), &row, by, NV_DATA_S(z));
    else
        N_VLinearSum_Serial(a, x, b, y, z);
}

static N_Vector vector_new(const dr_newton *n)
{
    N_Vector empty = N_VNewEmpty_Serial((sunindextype)n->equations.count WITH_CONTEXT(n));
    if (!empty)
        return NULL;
    empty->ops->nvclone = vector_clone;
    empty->ops->nvdotprod = vector_dot;
    empty->ops->nvlinearsum = vector_sum;
    N_Vector vector = vector_clone(empty);
    N_VDestroy_Serial(empty);
    return vector;
}

/* Failures are in the result of KINSol; nothing is printed. */
static void be_quiet(dr_newton *n)
{
#if SUNDIALS_VERSION_MAJOR >= 7
    SUNContext_ClearErrHandlers((SUNContext)n->context);
#else
    KINSetErrFile(n->kinsol, NULL);
#endif
}

static bool kinsol_new(dr_newton *n)
{
    if (!context_new(n))
        return false;
    n->unknowns = vector_new(n);
    n->scale = n->unknowns ? vector_new(n) : NULL;
    n->krylov = n->scale ? SUNLinSol_SPGMR(n->unknowns, RIGHT, KRYLOV WITH_CONTEXT(n)) : NULL;
    n->kinsol = n->krylov ? KIN_CREATE(n) : NULL;
    if (!n->kinsol)
        return false;
    N_VConst(1, n->scale);
    be_quiet(n);
    return KINSetUserData(n->kinsol, n) == KIN_SUCCESS &&
           KINInit(n->kinsol, take_residual, n->unknowns) == KIN_SUCCESS &&
           KINSetLinearSolver(n->kinsol, n->krylov, NULL) == KINLS_SUCCESS &&
           KINSetJacTimesVecFn(n->kinsol, take_product) == KINLS_SUCCESS &&
           KINSetPreconditioner(n->kinsol, set_up, precondition) == KINLS_SUCCESS &&
           KINSetMaxSetupCalls(n->kinsol, 1) == KIN_SUCCESS &&
           KINSetNumMaxIters(n->kinsol, MOST_STEPS) == KIN_SUCCESS &&
           KINSetEtaForm(n->kinsol, KIN_ETACONSTANT) == KIN_SUCCESS &&
           KINSetEtaConstValue(n->kinsol, 1e-3) == KIN_SUCCESS &&
           KINSetFuncNormTol(n->kinsol, n->sweep->model->options.tolerance) == KIN_SUCCESS;
}

dr_status dr_newton_new(dr_newton **out, dr_sweep *sweep, int most_products)
{
    dr_newton *n = dr_new(1, sizeof *n);
    if (!n)
        return dr_fail_memory();
    n->sweep = sweep;
    n->loaded = -1;
    n->most_products = most_products;
    n->numbers = dr_new_doubles(3 * sweep->unknowns);
    dr_status status = n->numbers ? DR_OK : dr_fail_memory();
    if (status == DR_OK)
        status = dr_equations_new(&n->equations, sweep);
    if (status == DR_OK)
        status = dr_tangent_new(&n->tangent, &n->equations);
    if (status == DR_OK)
        status = dr_preconditioner_new(&n->preconditioner, &n->tangent);
    if (status == DR_OK && !kinsol_new(n))
        status = dr_fail_memory();
    if (status != DR_OK) {
        dr_newton_free(n);
        return status;
    }
    n->y = n->numbers;
    n->from = n->y + sweep->unknowns;
    n->start = n->from + sweep->unknowns;
    *out = n;
    return DR_OK;
}

void dr_newton_free(dr_newton *n)
{
    if (!n)
        return;
    if (n->kinsol)
        KINFree(&n->kinsol);
    if (n->krylov)
        SUNLinSolFree(n->krylov);
    if (n->unknowns)
        N_VDestroy(n->unknowns);
    if (n->scale)
        N_VDestroy(n->scale);
    context_free(n);
    dr_preconditioner_free(&n->preconditioner);
    dr_tangent_free(&n->tangent);
    dr_equations_free(&n->equations);
    free(n->numbers);
    free(n);
}

static void load(dr_newton *n)
{
    if (n->loaded != n->sweep->loaded)
        dr_equations_load(&n->equations);
    n->loaded = n->sweep->loaded;
    n->known = n->linear = false;
}

bool dr_newton_solve(dr_newton *n)
{
    long steps = 0;
    dr_sweep *w = n->sweep;
    load(n);
    memcpy(n->start, w->x, w->unknowns * sizeof *w->x);
    dr_equations_take(&n->equations, N_VGetArrayPointer(n->unknowns));
    KINSol(n->kinsol, n->unknowns, KIN_LINESEARCH, n->scale, n->scale);
    KINGetNumNonlinSolvIters(n->kinsol, &steps);
    n->steps += steps;
    double residual = move(n, n->unknowns);
    if (residual <= fmax(w->model->options.tolerance, ROUNDING) && w->starved < 0)
        return true;
    memcpy(w->x, n->start, w->unknowns * sizeof *w->x);
    return false;
}

long dr_newton_steps(const dr_newton *n)
{
    return n->steps;
}

long dr_newton_products(const dr_newton *n)
{
    return n->products;
}
