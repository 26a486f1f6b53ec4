// Single-stepping by the trap flag of x86 (Intel SDM volume 3, section 18.3.2): after each instruction the
// kernel sends SIGTRAP to the thread, and the handler finds the address of the next one in its context. No
// other process is needed, as it would be with ptrace, and no permission.
#define _GNU_SOURCE  // REG_RIP
#include "include/bitlab_instructions.h"

#if defined(__x86_64__) && defined(__linux__)
#include <signal.h>
#include <ucontext.h>

enum { TRAP_FLAG = 0x100 };

static _Thread_local bl_instruction_trace *current;

// Async-signal-safe: touches nothing but the table.
static void count_instruction(bl_instruction_trace *trace, const uint8_t *address) {
  const size_t mask = trace->capacity - 1;
  size_t slot = ((uintptr_t)address * 0x9e3779b97f4a7c15u >> 20) & mask;
  while (trace->slots[slot].address && trace->slots[slot].address != address) slot = (slot + 1) & mask;
  if (!trace->slots[slot].address) {
    trace->slots[slot].address = address;
    trace->distinct++;
  }
  trace->slots[slot].count++;
  trace->steps++;
}

static bool is_full(const bl_instruction_trace *trace) {
  return trace->steps >= trace->most_steps || trace->distinct >= trace->capacity / 2;
}

static void on_trap(int number, siginfo_t *information, void *context) {
  (void)number;
  (void)information;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  if (current && !is_full(current))
    count_instruction(current, (const uint8_t *)registers[REG_RIP]);
  else
    registers[REG_EFL] &= ~(greg_t)TRAP_FLAG;
}

// The stack pointer first leaves the 128 bytes below it alone, which belong to the caller (System V ABI).
#define SET_TRAP_FLAG()                                                                                    \
  __asm__ volatile("lea -128(%%rsp), %%rsp\n\tpushfq\n\torq %0, (%%rsp)\n\tpopfq\n\tlea 128(%%rsp), %%rsp" \
                   :                                                                                       \
                   : "i"(TRAP_FLAG)                                                                        \
                   : "cc", "memory")
#define CLEAR_TRAP_FLAG()                                                                                   \
  __asm__ volatile("lea -128(%%rsp), %%rsp\n\tpushfq\n\tandq %0, (%%rsp)\n\tpopfq\n\tlea 128(%%rsp), %%rsp" \
                   :                                                                                        \
                   : "i"(~TRAP_FLAG)                                                                        \
                   : "cc", "memory")

bool bl_trace_instructions(void (*body)(void *context), void *context, bl_instruction_trace *trace) {
  trace->distinct = 0;
  trace->steps = 0;
  struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO}, previous;
  sigset_t trap, previous_mask;
  sigemptyset(&action.sa_mask);
  sigemptyset(&trap);
  sigaddset(&trap, SIGTRAP);
  if (sigaction(SIGTRAP, &action, &previous) != 0) {
    body(context);
    return false;
  }
  // A trap that is blocked would end the program.
  pthread_sigmask(SIG_UNBLOCK, &trap, &previous_mask);
  current = trace;
  SET_TRAP_FLAG();
  body(context);
  CLEAR_TRAP_FLAG();
  current = NULL;
  pthread_sigmask(SIG_SETMASK, &previous_mask, NULL);
  sigaction(SIGTRAP, &previous, NULL);
  return trace->steps > 0 && !is_full(trace);
}
#else
bool bl_trace_instructions(void (*body)(void *context), void *context, bl_instruction_trace *trace) {
  trace->distinct = 0;
  trace->steps = 0;
  body(context);
  return false;
}
#endif
