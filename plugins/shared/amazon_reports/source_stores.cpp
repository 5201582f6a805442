// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/source_stores.hpp"

namespace carrick::plugins {

Result<SourceStores> read_source_stores(const sdk::FlowConfig& config, const std::string& plugin,
                                        const std::string& section) {
    const Result<UtcTime> start = UtcTime::parse(config.extra["start"].text());
    if (!start)
        return misconfigured(
            plugin + ".start",
            config.flow + ": a start is missing; without one a first run would import all history",
            "start");
    SourceStores stores{*start, {}, {}};
    for (const JsonMember& store : config.marketplaces.members()) {
        if (stores.codes.empty())
            stores.settings = store.value;
        else if (store.value != stores.settings)
            return misconfigured(plugin + ".settings",
                                 config.flow + ": " + stores.codes.front() + " and " + store.key +
                                     " have different settings, but one call reads both; make "
                                     "them equal, or read them by two flows",
                                 section);
        stores.codes.push_back(store.key);
    }
    if (stores.codes.empty())
        return misconfigured(
            plugin + ".marketplaces",
            config.flow + ": no marketplace is named; list them under marketplaces",
            "marketplaces");
    return stores;
}

}  // namespace carrick::plugins
