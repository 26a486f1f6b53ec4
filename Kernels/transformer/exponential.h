// exp(x) = 2^n exp(r) with n = x / ln 2 to nearest, |r| <= ln(2) / 2. The series of exp(r) up to r^6 / 6!
// leaves less than 1.3e-7 of it; with the rounding of r and the sums the relative error stays below 2^-21.
#ifndef BL_TRANSFORMER_EXPONENTIAL_H
#define BL_TRANSFORMER_EXPONENTIAL_H

#define LEAST_EXPONENT (-87.0f)  // of which exp is still a normal number
#define MOST_EXPONENT 88.0f

// 0 for x <= LEAST_EXPONENT, exp(MOST_EXPONENT) for what is larger; not a number of what is none.
BL_ALWAYS_INLINE vector exponential(vector x) {
  const vector least = splat(LEAST_EXPONENT);
  const vector within = smaller(splat(MOST_EXPONENT), larger(least, x));
  const vector n = whole_part(multiply_vectors(within, splat(1.44269504f)));
  // ln 2 in two parts: n times the first, of 9 bits, is exact.
  const vector nearly = multiply_add(n, splat(-0.693359375f), within);
  const vector r = multiply_add(n, splat(2.12194440e-4f), nearly);
  vector sum = splat(1.0f / 720);
  sum = multiply_add(sum, r, splat(1.0f / 120));
  sum = multiply_add(sum, r, splat(1.0f / 24));
  sum = multiply_add(sum, r, splat(1.0f / 6));
  sum = multiply_add(sum, r, splat(0.5f));
  sum = multiply_add(sum, r, splat(1));
  sum = multiply_add(sum, r, splat(1));
  return select_at_most(x, least, zero_vector(), scale_by_power(sum, n));
}

#endif
