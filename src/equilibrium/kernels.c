#include "equilibrium/kernels.h"

extern const dr_kernels dr_kernels_plain;

#if defined(__x86_64__) && !defined(DR_PLAIN_KERNELS)
extern const dr_kernels dr_kernels_v3, dr_kernels_v4;

const dr_kernels *dr_kernels_best(void)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd"))
        return &dr_kernels_v4;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
        return &dr_kernels_v3;
    return &dr_kernels_plain;
}
#else
const dr_kernels *dr_kernels_best(void)
{
    return &dr_kernels_plain;
}
#endif
