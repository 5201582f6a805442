/* SPDX-License-Identifier: Apache-2.0
 *
 * Uses every type of the boundary, so that all of them stand in the ABI's dump.
 */
#include <carrick/abi/carrick_plugin.h>

CARRICK_EXPORT void carrick_abi_probe(const carrick_plugin* plugin, const carrick_host* host,
                                      const carrick_pure* pure, const carrick_flow* flow,
                                      const carrick_command* command, const carrick_command_io* io,
                                      const carrick_stream* stream, const carrick_archive* archive);
void carrick_abi_probe(const carrick_plugin* plugin, const carrick_host* host,
                       const carrick_pure* pure, const carrick_flow* flow,
                       const carrick_command* command, const carrick_command_io* io,
                       const carrick_stream* stream, const carrick_archive* archive) {
    (void)plugin, (void)host, (void)pure, (void)flow, (void)command, (void)io, (void)stream,
        (void)archive;
}

const carrick_plugin* carrick_plugin_v0(void) {
    return 0;
}
