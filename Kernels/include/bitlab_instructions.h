// Which instructions a piece of code executes, and how many of each kind a core executes in a second:
// together the least time that the code's instruction mix needs. For machines whose hardware counters are out
// of reach.
#ifndef BITLAB_INSTRUCTIONS_H
#define BITLAB_INSTRUCTIONS_H

#include "bitlab_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// An instruction of the program, and how often it was executed.
typedef struct bl_traced_instruction {
  const uint8_t *address;
  uint64_t count;
} bl_traced_instruction;

// What was executed, as a hash table by address; unused slots have no address.
typedef struct bl_instruction_trace {
  bl_traced_instruction *slots;  // zeroed by the caller
  size_t capacity;               // a power of two, several times the number of distinct instructions
  size_t distinct;               // set to the number of slots in use
  uint64_t steps;                // set to the number of instructions executed
  uint64_t most_steps;           // the code runs on untraced after so many
} bl_instruction_trace;

// Calls body(context) on this thread with the CPU's trap flag set, so that it stops after every instruction;
// some microseconds each. `body` makes no system call that blocks. The process's handler of SIGTRAP is
// replaced meanwhile: one trace at a time. Returns false, with the body executed all the same, where there is
// no such flag, the steps or the table did not suffice, or somebody else (a debugger, an emulator) takes the
// traps.
bool bl_trace_instructions(void (*body)(void *context), void *context, bl_instruction_trace *trace);

// What executes an instruction, as far as it matters for throughput.
typedef enum bl_instruction_class {
  BL_INSTRUCTIONS_ISSUED = 0,      // any instruction: what the front end delivers
  BL_INSTRUCTIONS_LOAD = 1,        // reads memory
  BL_INSTRUCTIONS_STORE = 2,       // writes memory
  BL_INSTRUCTIONS_VECTOR = 3,      // computes with vectors: add, logic, blend, and all of the following
  BL_INSTRUCTIONS_MULTIPLY = 4,    // multiplies, or adds floats
  BL_INSTRUCTIONS_SHUFFLE = 5,     // moves elements: permute, unpack, pack, broadcast from registers, extend
  BL_INSTRUCTIONS_TWO_TABLES = 6,  // looks up bytes or words in two registers
  BL_INSTRUCTIONS_SHIFT = 7,       // shifts elements
  BL_INSTRUCTIONS_COMPARE = 8,     // compares or tests into a mask register, or counts bits
  BL_INSTRUCTIONS_MASK = 9,        // computes with mask registers
} bl_instruction_class;

// Executes `steps` times instructions_per_step instructions of one class, independent of each other, on
// vectors of vector_bits (0 where there are none), data in registers or the first-level cache; and for each
// of them `companions` of another class, to find out which units the two share. Returns `result_per_step *
// steps + result` exactly, modulo 2^64, for one step or more.
typedef struct bl_rate_probe {
  const char *name;  // "shuffle-avx512"
  uint32_t isa;
  bl_instruction_class instruction_class;
  size_t vector_bits;
  size_t instructions_per_step;
  size_t companions;               // 0: alone
  bl_instruction_class companion;  // of as many bits
  uint64_t result_per_step;
  uint64_t result;
  uint64_t (*run)(size_t steps);
} bl_rate_probe;

size_t bl_rate_probe_total(void);
const bl_rate_probe *bl_rate_probe_at(size_t index);

#ifdef __cplusplus
}
#endif
#endif
