// KernelZoo
