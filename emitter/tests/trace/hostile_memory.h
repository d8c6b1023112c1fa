/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAMARK_HOSTILE_MEMORY_H
#define SEAMARK_HOSTILE_MEMORY_H

#include <stdint.h>

#include "trace/shared_trace.h"

/* The memory of the recording, as each traced process can map it, and what the library would do
 * with it: what hostile.c makes its attacks of. What fails ends the program with status 3. */

extern struct seamark_trace* memory; /* from attach() on */
extern int memory_fd;

void die(const char* what);
void attach(void);

/* Ten sends of 32 bytes over a connection of their own, each read at once. */
void honest_sends(void);

void pause_ms(long ms);

/* The tracer looks at the ring when it gets a processor, which on a busy machine takes a while. */
void wait_for_the_tracer(void);

/* The same ones in each run. */
uint64_t random_number(void);

/* CLOCK_REALTIME in ns. */
int64_t now(void);

/* A place as the library would take it, with nothing or with garbage in it. */
struct seamark_slot* claim(uint32_t process, uint64_t* place);
void publish(struct seamark_slot* slot, uint64_t place);

/* An event that the library could have written, but for what the caller changes. */
struct seamark_event possible_event(void);
void put(struct seamark_event event);

#endif
