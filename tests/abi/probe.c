/* SPDX-License-Identifier: Apache-2.0
 *
 * Uses every type of the boundary, so that all of them stand in the ABI's dump.
 */
#include <carrick/abi/carrick_plugin.h>

CARRICK_EXPORT void carrick_abi_probe(const carrick_plugin* plugin, const carrick_host* host,
                                      const carrick_pure* pure, const carrick_flow* flow,
                                      const carrick_command* command, const carrick_command_io* io);
void carrick_abi_probe(const carrick_plugin* plugin, const carrick_host* host,
                       const carrick_pure* pure, const carrick_flow* flow,
                       const carrick_command* command, const carrick_command_io* io) {
    (void)plugin, (void)host, (void)pure, (void)flow, (void)command, (void)io;
}

const carrick_plugin* carrick_plugin_v0(void) {
    return 0;
}
