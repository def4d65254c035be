/* Random numbers by SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators"): a counter,
 * each of whose values is scrambled by itself. Every draw of a simulation gets a stream of its own, so that its numbers
 * depend on the seed and its index alone, not on the thread that computes it or when. */
#ifndef DR_BASE_RANDOM_H
#define DR_BASE_RANDOM_H

#include <math.h>
#include <stdint.h>

typedef struct dr_random {
    uint64_t state;
} dr_random;

static inline uint64_t dr_random_bits(dr_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Stream number `stream` of a seed. Streams begin at scrambled places of one cycle of 2^64. */
static inline dr_random dr_random_stream(uint64_t seed, uint64_t stream)
{
    dr_random of_seed = {seed}, of_stream = {stream};
    of_stream.state ^= dr_random_bits(&of_seed);
    return (dr_random){dr_random_bits(&of_stream)};
}

/* Uniform in (0, 1): never 0, so that its logarithm is finite. */
static inline double dr_random_uniform(dr_random *random)
{
    return ((double)(dr_random_bits(random) >> 12) + 0.5) * 0x1p-52;
}

/* Standard normal (Box & Muller 1958). */
static inline double dr_random_normal(dr_random *random)
{
    double radius = sqrt(-2 * log(dr_random_uniform(random)));
    return radius * cos(6.283185307179586 * dr_random_uniform(random));
}

/* Log-normal with mean 1 and standard deviation `error`. Takes as many numbers from the stream whatever the error. */
static inline double dr_random_factor(dr_random *random, double error)
{
    double normal = dr_random_normal(random), variance = log1p(error * error);
    return error == 0 ? 1 : exp(sqrt(variance) * normal - variance / 2);
}

#endif
