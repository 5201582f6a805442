// SPDX-License-Identifier: Apache-2.0
// The graph of flows: wiring, record types, order, cycles, marketplaces and dates.
#include "core/config/books_zone.hpp"
#include "core/config/marketplaces.hpp"
#include "core/config/reading.hpp"
#include "core/config/settings.hpp"

#include <algorithm>
#include <set>

namespace carrick::config {

namespace {

using plugin_host::Manifest;
using plugin_host::PluginKind;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

template <class T>
std::vector<std::string_view> names_of(const std::map<std::string, T>& map) {
    std::vector<std::string_view> names;
    names.reserve(map.size());
    for (const auto& [name, value] : map) names.push_back(name);
    return names;
}

std::string_view connector_name(ConnectorKind kind) {
    return kind == ConnectorKind::Amazon ? "amazon" : "netsuite";
}

/// The connector that a role needs, as far as the manifest gives it away; "" where it does not.
std::string required_connector(const Manifest& manifest, std::string_view role) {
    std::set<std::string> found;
    const auto note = [&](std::string_view operation) {
        found.insert(std::string(operation.substr(0, operation.find('.'))));
    };
    for (const plugin_host::LookupDeclaration& lookup : manifest.lookups)
        if (lookup.role == role) note(lookup.operation);
    if (role == "target")
        for (const plugin_host::WriteDeclaration& write : manifest.writes) note(write.record_type);
    if (manifest.roles.size() == 1)
        for (const std::string& operation : manifest.operations) note(operation);
    return found.size() == 1 ? *found.begin() : std::string();
}

/// Where the records of a flow come from: walks `from:` up to the root sources, narrowing the
/// marketplaces on the way.
class PartitionFinder {
public:
    explicit PartitionFinder(const Config& config) : config_(config) {}

    /// Remembers what it found, so that asking for every flow of a long chain stays cheap.
    const std::vector<Config::Partition>& remembered(const std::string& name) {
        const auto known = known_.find(name);
        if (known != known_.end()) return known->second;
        return known_.emplace(name, of(name)).first->second;
    }

    std::vector<Config::Partition> of(const std::string& name) {
        const auto at = config_.flows.find(name);
        // A ring of flows has been reported; it has no root.
        if (at == config_.flows.end() || !open_.insert(name).second) return {};
        const FlowConfig& flow = at->second;
        std::vector<Config::Partition> found;
        if (flow.from.empty()) {
            found = of_root(flow);
        } else {
            for (const std::string& input : flow.from)
                for (const Config::Partition& partition : remembered(input))
                    add(found, partition, flow);
        }
        open_.erase(name);
        return found;
    }

private:
    static bool selects(const FlowConfig& flow, const std::string& code) {
        return flow.marketplaces.empty() ||
               std::find(flow.marketplaces.begin(), flow.marketplaces.end(), code) !=
                   flow.marketplaces.end();
    }

    const ConnectionConfig* amazon(const std::string& name) const {
        const auto at = config_.connections.find(name);
        return at != config_.connections.end() && at->second.connector == ConnectorKind::Amazon
                   ? &at->second
                   : nullptr;
    }

    /// A root that is not an Amazon connection leaves the origin open: the flow that writes to
    /// Amazon gives its own.
    std::vector<Config::Partition> of_root(const FlowConfig& flow) const {
        const ConnectionConfig* connection = amazon(flow.source);
        if (connection == nullptr) connection = amazon(flow.target);
        std::vector<std::string> codes = flow.marketplaces;
        if (codes.empty()) {
            for (const Json* level : {&config_.marketplaces,
                                      connection != nullptr ? &connection->marketplaces : nullptr})
                for (const JsonMember& member :
                     level != nullptr ? level->members() : Json::Object())
                    if (std::find(codes.begin(), codes.end(), member.key) == codes.end())
                        codes.push_back(member.key);
        }
        std::vector<Config::Partition> found;
        for (const std::string& code : codes) {
            const bool here = connection == nullptr || region_of(code).empty() ||
                              connection->options["region"].text() == region_of(code);
            if (here)
                found.push_back({connection != nullptr ? connection->id : "",
                                 connection != nullptr ? connection->name : "", code});
        }
        return found;
    }

    void add(std::vector<Config::Partition>& found, Config::Partition partition,
             const FlowConfig& flow) const {
        if (!selects(flow, partition.marketplace)) return;
        if (partition.origin_connection.empty())
            if (const ConnectionConfig* target = amazon(flow.target)) {
                if (target->options["region"].text() != region_of(partition.marketplace)) return;
                partition.origin = target->id;
                partition.origin_connection = target->name;
            }
        const bool seen = std::any_of(found.begin(), found.end(), [&](const auto& other) {
            return other.origin == partition.origin && other.marketplace == partition.marketplace;
        });
        if (!seen) found.push_back(std::move(partition));
    }

    const Config& config_;
    std::set<std::string> open_;
    std::map<std::string, std::vector<Config::Partition>> known_;
};

class GraphChecker {
public:
    explicit GraphChecker(Reading& reading) : reading_(reading), config_(reading.config) {}

    void check() {
        for (const std::string& name : config_.order) {
            check_role(name, "source", config_.flows.at(name).source);
            check_role(name, "target", config_.flows.at(name).target);
            check_inputs(name);
        }
        put_in_order();
        for (const std::string& name : config_.order) check_types(name);
        for (const std::string& name : config_.order) check_marketplaces(name);
        for (const std::string& name : config_.order) read_start(name);
        for (const std::string& name : config_.order)
            reading_.partitions[name] = finder_.remembered(name);
    }

private:
    void report(const std::string& flow, std::string_view key, std::string code,
                std::string message, std::string nearest = {}) {
        reading_.problems.add(mark_of(flow, key), "flows." + flow + "." + std::string(key),
                              std::move(code), std::move(message), std::move(nearest));
    }
    Mark mark_of(const std::string& flow, std::string_view key) const {
        const auto at = config_.marks.find("flows." + flow + "." + std::string(key));
        return at == config_.marks.end() ? config_.flows.at(flow).mark : at->second;
    }

    void check_role(const std::string& name, const std::string& role, std::string& connection) {
        const Manifest* manifest = config_.plugins.at(name);
        const bool wanted = manifest != nullptr &&
                            std::find(manifest->roles.begin(), manifest->roles.end(), role) !=
                                manifest->roles.end();
        if (connection.empty()) {
            if (wanted && !config_.marks.contains("flows." + name + "." + role))
                report(name, role, "config.missing",
                       "is missing; plugin " + manifest->name + " needs a " + role + " connection");
            return;
        }
        const auto found = config_.connections.find(connection);
        if (found == config_.connections.end()) {
            report(name, role, "config.unknown_connection",
                   "there is no connection \"" + connection.substr(0, 60) + "\"",
                   reading_.problems.nearest(connection, names_of(config_.connections)));
            connection.clear();
            return;
        }
        if (manifest == nullptr) return;
        if (!wanted)
            return report(name, role, "config.role",
                          "plugin " + manifest->name + " uses no " + role + " connection");
        const std::string needed = required_connector(*manifest, role);
        const std::string_view given = connector_name(found->second.connector);
        if (!needed.empty() && needed != given)
            report(name, role, "config.connector",
                   "plugin " + manifest->name + " needs a connection of connector " + needed +
                       " here, and " + connection + " is one of " + std::string(given));
    }

    void check_inputs(const std::string& name) {
        std::erase_if(config_.flows.at(name).from, [&](const std::string& producer) {
            if (config_.flows.contains(producer)) return false;
            report(name, "from", "config.unknown_flow",
                   "there is no flow \"" + producer.substr(0, 60) + "\"",
                   reading_.problems.nearest(producer, names_of(config_.flows)));
            return true;
        });
    }

    /// Producers before consumers, otherwise as in the file. What is left over lies on a cycle, or
    /// behind one.
    void put_in_order() {
        std::vector<std::string> order;
        std::set<std::string> placed;
        // Depth first over the inputs; an explicit stack, for a chain may be as long as the file.
        std::set<std::string> on_cycle;
        for (const std::string& start : config_.order) {
            struct Step {
                std::string flow;
                std::size_t next = 0;
            };
            std::vector<Step> path{{start}};
            std::set<std::string> open{start};
            if (placed.contains(start)) continue;
            while (!path.empty()) {
                const std::string flow = path.back().flow;
                const std::vector<std::string>& inputs = config_.flows.at(flow).from;
                if (path.back().next == inputs.size()) {
                    if (placed.insert(flow).second) order.push_back(flow);
                    open.erase(flow);
                    path.pop_back();
                    continue;
                }
                const std::string& input = inputs[path.back().next++];
                if (placed.contains(input)) continue;
                if (open.insert(input).second) {
                    path.push_back({input});
                    continue;
                }
                if (!on_cycle.insert(flow).second) continue;
                std::string ring = input;
                for (std::size_t i = path.size(); i-- > 0;) {
                    ring = path[i].flow + " -> " + ring;
                    if (path[i].flow == input) break;
                }
                report(flow, "from", "config.cycle",
                       "these flows feed each other in a ring: " + ring);
            }
        }
        config_.order = std::move(order);
    }

    void check_types(const std::string& name) {
        const Manifest* consumer = config_.plugins.at(name);
        if (consumer == nullptr) return;
        for (const std::string& input : config_.flows.at(name).from) {
            const Manifest* producer = config_.plugins.at(input);
            if (producer == nullptr) continue;
            if (producer->output_type.empty()) {
                report(name, "from", "config.record_type",
                       "flow " + input + " (plugin " + producer->name + ") passes no records on");
                continue;
            }
            const auto& accepted = consumer->input_types;
            if (std::find(accepted.begin(), accepted.end(), producer->output_type) ==
                accepted.end())
                report(name, "from", "config.record_type",
                       "flow " + input + " makes " + producer->output_type + ", and plugin " +
                           consumer->name + " takes " +
                           (accepted.empty() ? "no records" : joined(accepted)));
        }
    }

    void check_marketplaces(const std::string& name) {
        const FlowConfig& flow = config_.flows.at(name);
        for (const std::string& connection : {flow.source, flow.target}) {
            const auto found = config_.connections.find(connection);
            if (found == config_.connections.end()) continue;
            const std::string region = found->second.options["region"].text();
            for (const std::string& code : flow.marketplaces)
                if (!region.empty() && !region_of(code).empty() && region_of(code) != region)
                    report(name, "marketplaces", "config.region",
                           code + " is not in region " + region + " of connection " + connection +
                               ", but in " + std::string(region_of(code)));
        }
        const Manifest* manifest = config_.plugins.at(name);
        if (manifest == nullptr) return;
        if (manifest->kind == PluginKind::Source) {
            if (finder_.remembered(name).empty() && !flow.source.empty() &&
                flow.marketplaces.empty())
                report(name, "marketplaces", "config.missing",
                       "is missing; name the marketplaces to read, or describe them under "
                       "marketplaces");
            return;
        }
        // A flow that selects what its inputs never bring would wait for ever without a word.
        std::set<std::string> offered;
        for (const std::string& input : flow.from)
            for (const Config::Partition& partition : finder_.remembered(input))
                offered.insert(partition.marketplace);
        if (offered.empty()) return;
        for (const std::string& code : flow.marketplaces)
            if (!offered.contains(code))
                report(name, "marketplaces", "config.marketplace",
                       "the flows that this one reads do not bring " + code + "; they bring " +
                           joined({offered.begin(), offered.end()}));
    }

    void read_start(const std::string& name) {
        const auto at = reading_.starts.find(name);
        if (at == reading_.starts.end() || at->second->broken) return;
        const Node& node = *at->second;
        const auto refuse = [&](std::string message) {
            reading_.problems.add(node.mark, "flows." + name + ".start", "config.value",
                                  std::move(message));
        };
        if (Result<UtcTime> moment = UtcTime::parse(node.text); moment.ok()) {
            config_.flows.at(name).start = *moment;
            return;
        }
        const Result<LocalDate> day = LocalDate::parse(node.text);
        if (!node.is_scalar() || !day)
            return refuse(
                "expected a day such as 2026-11-01, or a time with a zone such as "
                "2026-11-01T00:00:00Z, found " +
                node.found());
        const std::string zone = books_zone_of(config_, name);
        if (zone.empty())
            return refuse(
                "a day begins at midnight somewhere: set defaults.books_zone, such as "
                "America/Los_Angeles, or write a time with a zone");
        // A zone that does not exist is reported where it stands.
        if (Result<UtcTime> moment = start_of_day(*day, zone); moment.ok())
            config_.flows.at(name).start = *moment;
    }

    Reading& reading_;
    Config& config_;
    PartitionFinder finder_{config_};
};

}  // namespace

std::vector<Config::Partition> Config::partitions(const std::string& flow) const {
    return PartitionFinder(*this).of(flow);
}

void check_graph(Reading& reading) {
    GraphChecker(reading).check();
}

}  // namespace carrick::config
