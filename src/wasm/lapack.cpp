/* The routines of BLAS and LAPACK that the library calls, by Eigen, which is made of headers alone. As in Fortran,
 * everything is by reference, and matrices are by column. */
#include <Eigen/Dense>
#include <utility>

using Matrix = Eigen::MatrixXd;
using Map = Eigen::Map<Matrix, 0, Eigen::OuterStride<>>;
using ConstMap = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;

static Map map(double *a, int rows, int columns, int lda)
{
    return Map(a, rows, columns, Eigen::OuterStride<>(lda));
}

static ConstMap map(const double *a, int rows, int columns, int lda)
{
    return ConstMap(a, rows, columns, Eigen::OuterStride<>(lda));
}

extern "C" {
/* Swaps rows, forwards or, with a negative step, backwards. */
void dlaswp_(const int *columns, double *a, const int *lda, const int *first, const int *last, const int *pivots,
             const int *step)
{
    const int begin = *step > 0 ? *first - 1 : *last - 1, end = *step > 0 ? *last : *first - 2, by = *step > 0 ? 1 : -1;
    for (int i = begin; i != end; i += by)
        for (int j = 0; j < *columns && pivots[i] - 1 != i; j++)
            std::swap(a[i + (long)j * *lda], a[pivots[i] - 1 + (long)j * *lda]);
}

void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info)
{
    int swaps;
    const auto zero =
        Eigen::internal::partial_lu_impl<double, Eigen::ColMajor, int>::blocked_lu(*m, *n, a, *lda, pivots, swaps);
    for (int i = 0; i < (*m < *n ? *m : *n); i++)
        pivots[i]++;
    *info = (int)zero + 1; /* -1: no pivot is zero */
}

void dgetrs_(const char *trans, const int *n, const int *count, const double *a, const int *lda, const int *pivots,
             double *b, const int *ldb, int *info)
{
    const int one = 1, back = -1;
    const ConstMap lu = map(a, *n, *n, *lda);
    Map x = map(b, *n, *count, *ldb);
    *info = 0;
    if (*trans == 'N') {
        dlaswp_(count, b, ldb, &one, n, pivots, &one);
        lu.triangularView<Eigen::UnitLower>().solveInPlace(x);
        lu.triangularView<Eigen::Upper>().solveInPlace(x);
    } else {
        lu.transpose().triangularView<Eigen::Lower>().solveInPlace(x);
        lu.transpose().triangularView<Eigen::UnitUpper>().solveInPlace(x);
        dlaswp_(count, b, ldb, &one, n, pivots, &back);
    }
}

void dgesv_(const int *n, const int *count, double *a, const int *lda, int *pivots, double *b, const int *ldb,
            int *info)
{
    dgetrf_(n, n, a, lda, pivots, info);
    if (*info == 0)
        dgetrs_("N", n, count, a, lda, pivots, b, ldb, info);
}

void dgetri_(const int *n, double *a, const int *lda, const int *pivots, double *work, const int *lwork, int *info)
{
    Matrix inverse = Matrix::Identity(*n, *n);
    if (*lwork == -1)
        *work = 1;
    else
        dgetrs_("N", n, n, a, lda, pivots, inverse.data(), n, info);
    if (*lwork != -1)
        map(a, *n, *n, *lda) = inverse;
    *info = 0;
}

/* The one form that is called: L, with ones on its diagonal, from the left. */
void dtrsm_(const char *, const char *, const char *, const char *, const int *m, const int *n, const double *,
            const double *a, const int *lda, double *b, const int *ldb)
{
    Map x = map(b, *m, *n, *ldb);
    map(a, *m, *m, *lda).triangularView<Eigen::UnitLower>().solveInPlace(x);
}

/* Neither matrix is transposed. */
void dgemm_(const char *, const char *, const int *m, const int *n, const int *k, const double *alpha, const double *a,
            const int *lda, const double *b, const int *ldb, const double *beta, double *c, const int *ldc)
{
    Map to = map(c, *m, *n, *ldc);
    if (*beta != 1)
        to *= *beta;
    to.noalias() += *alpha * (map(a, *m, *k, *lda) * map(b, *k, *n, *ldb));
}

void dgelsd_(const int *rows, const int *columns, const int *, double *a, const int *lda, double *b, const int *,
             double *, const double *least, int *rank, double *, const int *, int *, int *info)
{
    Eigen::JacobiSVD<Matrix> svd(map(a, *rows, *columns, *lda), Eigen::ComputeThinU | Eigen::ComputeThinV);
    svd.setThreshold(*least);
    const Eigen::VectorXd x = svd.solve(Eigen::Map<const Eigen::VectorXd>(b, *rows));
    Eigen::Map<Eigen::VectorXd>(b, *columns) = x;
    *rank = (int)svd.rank();
    *info = 0;
}
}
