// Ternary
