// SPDX-License-Identifier: Apache-2.0
// What a valid flows.yaml leaves open: allowed, but seldom meant.
#include "core/config/config.hpp"

namespace carrick::config {

namespace {

bool is_described(const Config& config, const Config::Partition& partition) {
    if (config.marketplaces.contains(partition.marketplace)) return true;
    const auto connection = config.connections.find(partition.origin_connection);
    return connection != config.connections.end() &&
           connection->second.marketplaces.contains(partition.marketplace);
}

}  // namespace

std::vector<Problem> warnings_of(const Config& config) {
    std::vector<Problem> warnings;
    for (const std::string& name : config.order) {
        const FlowConfig& flow = config.flows.at(name);
        const plugin_host::Manifest* manifest = config.plugins.at(name);
        if (manifest == nullptr || manifest->kind != plugin_host::PluginKind::Source) continue;
        for (const Config::Partition& partition : config.partitions(name)) {
            if (is_described(config, partition)) continue;
            const std::string key = "flows." + name + ".marketplaces";
            const auto mark = config.marks.find(key);
            warnings.push_back({config.file.string(),
                                mark == config.marks.end() ? flow.mark : mark->second, key,
                                "config.marketplace_not_described",
                                partition.marketplace +
                                    " is read, but `marketplaces` has no entry for it, so that "
                                    "every flow meets it with the defaults alone; add " +
                                    partition.marketplace + " there, if only as an empty entry",
                                ""});
        }
    }
    return warnings;
}

}  // namespace carrick::config
