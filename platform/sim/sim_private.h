/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the simulated machine share. */
#ifndef NM_SIM_PRIVATE_H
#define NM_SIM_PRIVATE_H

#include "platform/sim/sim.h"

/* platform.h's functions have no argument that could tell the machine. */
struct sim *sim_here(void);
void sim_forget_link(void);

#endif
