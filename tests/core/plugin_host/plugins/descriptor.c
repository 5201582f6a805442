/* SPDX-License-Identifier: Apache-2.0
 *
 * A plugin that is only a descriptor; name, version, ABI and symbol come from the build, so that
 * one source gives each kind of wrong handshake.
 */
#include <carrick/abi/carrick_plugin.h>

#include <stddef.h>

#ifndef TEST_SYMBOL
#define TEST_SYMBOL carrick_plugin_v0
#endif
#ifndef TEST_MINOR
#define TEST_MINOR CARRICK_ABI_MINOR
#endif

#ifdef TEST_CALLS
/* A call that only lazy binding would let pass, until it is made in the middle of a run. */
void TEST_CALLS(void);
CARRICK_EXPORT void call_later(void);
void call_later(void) {
    TEST_CALLS();
}
#endif

CARRICK_EXPORT const carrick_plugin* TEST_SYMBOL(void);
const carrick_plugin* TEST_SYMBOL(void) {
    static const carrick_plugin plugin = {sizeof plugin,
                                          TEST_MINOR,
                                          {TEST_NAME, sizeof TEST_NAME - 1},
                                          {TEST_VERSION, sizeof TEST_VERSION - 1},
                                          NULL,
                                          NULL};
    return &plugin;
}
