// SPDX-License-Identifier: Apache-2.0
// Flows of flows.yaml, each read by itself; what binds them together is checked in graph.cpp.
#include "core/config/marketplaces.hpp"
#include "core/config/reading.hpp"
#include "core/config/settings.hpp"

#include <algorithm>

namespace carrick::config {

namespace {

using plugin_host::PluginKind;

constexpr KeySpec kFlowKeys[] = {{"plugin"},
                                 {"enabled"},
                                 {"source"},
                                 {"target"},
                                 {"from"},
                                 {"marketplaces"},
                                 {"every"},
                                 {"start"},
                                 {"read_from"},
                                 {"where"},
                                 {"settings"},
                                 {"per_marketplace"},
                                 {"mapping"},
                                 {"errors"},
                                 {"max_open"},
                                 {"batch"},
                                 {"first_run_limit"},
                                 {"timeout"},
                                 {"wait_deadline"},
                                 {"cron", false},
                                 {"notifications", false},
                                 {"priority", false},
                                 {"streams", false}};
constexpr KeySpec kErrorKeys[] = {{"retry"}, {"rules", false}, {"alert", false}};
constexpr KeySpec kRetryKeys[] = {{"attempts"}, {"max_delay"}};
constexpr KeySpec kOverrideKeys[] = {{"settings"}, {"mapping"}};

/// Keys that only a flow with a source of its own, or only one without, can use.
constexpr std::string_view kSourceOnly[] = {"every", "start"};
constexpr std::string_view kConsumerOnly[] = {"read_from", "where", "batch"};

class FlowReader {
public:
    FlowReader(const NodeEntry& entry, Reading& reading)
        : entry_(entry), reading_(reading), key_("flows." + entry.key) {}

    void read() {
        flow_.name = entry_.key;
        flow_.mark = entry_.mark;
        check_name(entry_, key_, reading_.problems);
        Section section(entry_.value, key_, kFlowKeys, reading_.problems);
        read_plugin(section);
        flow_.enabled = section.flag("enabled").value_or(true);
        flow_.source = section.text("source").value_or("");
        flow_.target = section.text("target").value_or("");
        for (const NamedMark& name : section.words("from")) {
            if (std::find(flow_.from.begin(), flow_.from.end(), name.text) != flow_.from.end())
                reading_.problems.add(name.mark, section.key_of("from"), "config.value",
                                      "the flow " + name.text + " is named twice");
            else
                flow_.from.push_back(name.text);
        }
        read_marketplaces(section);
        read_schedule(section);
        read_limits(section);
        read_levels(section);
        check_kind(section);
        reading_.config.order.push_back(flow_.name);
        reading_.config.flows.insert_or_assign(flow_.name, std::move(flow_));
    }

private:
    void read_plugin(Section& section) {
        reading_.config.plugins[entry_.key] = nullptr;
        if (!section.require("plugin", "the name of a plugin")) return;
        const std::optional<std::string> name = section.text("plugin");
        if (!name) return;
        flow_.plugin = *name;
        manifest_ = reading_.plugin(*name);
        if (manifest_ == nullptr) {
            std::vector<std::string_view> names;
            for (const plugin_host::Manifest& manifest : reading_.plugins.manifests)
                names.push_back(manifest.name);
            reading_.problems.add(section.mark_of("plugin"), section.key_of("plugin"),
                                  "config.unknown_plugin",
                                  "there is no plugin \"" + name->substr(0, 60) + "\"",
                                  reading_.problems.nearest(*name, names));
        } else if (manifest_->kind == PluginKind::Command) {
            reading_.problems.add(section.mark_of("plugin"), section.key_of("plugin"),
                                  "config.plugin_kind",
                                  "the plugin " + *name + " only brings commands; it has no flow");
            manifest_ = nullptr;
        }
        reading_.config.plugins[entry_.key] = manifest_;
    }

    void read_marketplaces(Section& section) {
        for (const NamedMark& code : section.words("marketplaces")) {
            const std::string known = reading_.marketplace(code, section.key_of("marketplaces"));
            auto& selected = flow_.marketplaces;
            if (std::find(selected.begin(), selected.end(), known) != selected.end())
                reading_.problems.add(code.mark, section.key_of("marketplaces"), "config.value",
                                      known + " is named twice");
            else
                selected.push_back(known);
        }
    }

    void read_schedule(Section& section) {
        flow_.every = section.duration("every");
        if (!flow_.every && manifest_ != nullptr && manifest_->kind == PluginKind::Source &&
            !section.has("every")) {
            flow_.every = parse_duration(manifest_->default_schedule);
            if (!flow_.every)
                (void)section.require("every", "a duration such as 5m: plugin " + manifest_->name +
                                                   " has no schedule of its own");
        }
        if (section.choice("read_from", {"earliest", "now"}) == "now") flow_.read_from_now = true;
        flow_.where = section.text("where").value_or("");
    }

    void read_limits(Section& section) {
        flow_.timeout = section.duration("timeout").value_or(flow_.timeout);
        flow_.wait_deadline = section.duration("wait_deadline").value_or(flow_.wait_deadline);
        if (const auto count = section.count("max_open", 1, 1'000'000))
            flow_.max_open = static_cast<std::size_t>(*count);
        if (const auto count = section.count("batch", 0, 10'000))
            flow_.batch = static_cast<std::size_t>(*count);
        flow_.first_run_limit = section.count("first_run_limit", 1, 1'000'000'000);
        const Node* errors = section.map("errors");
        if (errors == nullptr) return;
        Section policy(*errors, section.key_of("errors"), kErrorKeys, reading_.problems);
        const Node* retry_node = policy.map("retry");
        if (retry_node == nullptr) return;
        Section retry(*retry_node, policy.key_of("retry"), kRetryKeys, reading_.problems);
        if (const auto attempts = retry.count("attempts", 1, 100))
            flow_.retry.attempts = static_cast<int>(*attempts);
        flow_.retry.max_delay = retry.duration("max_delay").value_or(flow_.retry.max_delay);
    }

    void read_levels(Section& section) {
        Config& config = reading_.config;
        if (const Node* settings = section.map("settings"))
            config.flow_settings[flow_.name] = own_settings(*settings, key_ + ".settings");
        if (const Node* mapping = section.map("mapping"))
            config.flow_mapping[flow_.name] = own_mapping(*mapping, key_ + ".mapping");
        const Node* overrides = section.map("per_marketplace");
        if (overrides == nullptr) return;
        Json levels = Json::object();
        const std::string key = key_ + ".per_marketplace";
        const Node normalised = by_marketplace(*overrides, key, reading_);
        for (const NodeEntry& entry : normalised.entries) {
            const std::string inner = join_key(key, entry.key);
            Section level(entry.value, inner, kOverrideKeys, reading_.problems);
            Json one = Json::object();
            if (const Node* settings = level.map("settings"))
                one.set("settings", own_settings(*settings, inner + ".settings"));
            if (const Node* mapping = level.map("mapping"))
                one.set("mapping", own_mapping(*mapping, inner + ".mapping"));
            levels.set(entry.key, std::move(one));
        }
        config.flow_per_marketplace[flow_.name] = std::move(levels);
    }

    Json own_settings(const Node& node, const std::string& key) {
        if (manifest_ != nullptr) {
            SchemaView view;
            view.add(manifest_->settings_schema);
            static const Json kCore = Json::object(
                {{"properties",
                  Json::object({{"books_zone", Json::object({{"type", "string"}})}})}});
            view.add(kCore);
            check_known_keys(node, key, view, reading_.problems);
        }
        return read_level(node, key, reading_.config);
    }

    Json own_mapping(const Node& node, const std::string& key) {
        for (const NodeEntry& write : node.entries) {
            const std::string inner = join_key(key, write.key);
            const plugin_host::WriteDeclaration* declared = check_write(write, inner);
            if (write.value.is_null() || write.value.broken) continue;
            if (!write.value.is_map()) {
                reading_.problems.add(
                    write.value.mark, inner, "config.type",
                    "expected a map of field paths, found " + write.value.found());
                continue;
            }
            for (const NodeEntry& field : write.value.entries)
                check_field(field, join_key(inner, field.key), declared);
        }
        return read_expressions(node, key, reading_.config);
    }

    const plugin_host::WriteDeclaration* check_write(const NodeEntry& write,
                                                     const std::string& key) {
        if (manifest_ == nullptr) return nullptr;
        std::vector<std::string_view> names;
        for (const plugin_host::WriteDeclaration& declared : manifest_->writes) {
            if (declared.name == write.key) return &declared;
            names.push_back(declared.name);
        }
        reading_.problems.add(write.mark, key, "config.unknown_write",
                              "plugin " + manifest_->name + " writes no such payload",
                              reading_.problems.nearest(write.key, names));
        return nullptr;
    }

    void check_field(const NodeEntry& field, const std::string& key,
                     const plugin_host::WriteDeclaration* write) {
        if (!field.value.is_scalar() && !field.value.is_null() && !field.value.broken)
            reading_.problems.add(field.value.mark, key, "config.type",
                                  "expected one expression, found " + field.value.found());
        if (write == nullptr) return;
        // Neither the field itself, nor what holds it, nor what is inside it.
        const auto within = [](std::string_view inner, std::string_view outer) {
            return inner.starts_with(outer) &&
                   (inner.size() == outer.size() || inner[outer.size()] == '.' ||
                    inner[outer.size()] == '[');
        };
        const auto& closed = write->identity_fields;
        if (std::any_of(closed.begin(), closed.end(), [&](const std::string& path) {
                return within(field.key, path) || within(path, field.key);
            }))
            reading_.problems.add(field.mark, key, "config.closed_field",
                                  "this field is part of the record's identity or amounts, which "
                                  "cannot be mapped");
    }

    void check_kind(Section& section) {
        if (manifest_ == nullptr) return;
        const bool is_source = manifest_->kind == PluginKind::Source;
        const auto refuse = [&](std::string_view name, const char* who) {
            if (!section.has(name)) return;
            reading_.problems.add(
                section.mark_of(name), section.key_of(name), "config.not_for_this_flow",
                "is for flows " + std::string(who) + "; plugin " + manifest_->name + " is not one");
        };
        if (is_source) {
            refuse("first_run_limit", "that write");
            for (const std::string_view name : kConsumerOnly)
                refuse(name, "that read another flow");
            refuse("from", "that read another flow");
            (void)section.require("start",
                                  "a day such as 2026-11-01, or a time with a zone: "
                                  "nothing older is read");
        } else {
            if (manifest_->writes.empty()) refuse("first_run_limit", "that write");
            for (const std::string_view name : kSourceOnly) refuse(name, "that read a connection");
            if (!section.has("from"))
                reading_.problems.add(entry_.mark, section.key_of("from"), "config.missing",
                                      "has neither a source of its own nor `from`; name the flow "
                                      "that it reads");
        }
    }

    const NodeEntry& entry_;
    Reading& reading_;
    std::string key_;
    FlowConfig flow_;
    const plugin_host::Manifest* manifest_ = nullptr;
};

}  // namespace

void read_flows(const Node& node, Reading& reading) {
    if (!node.is_map()) {
        reading.problems.add(node.mark, "flows", "config.type",
                             "expected a map of flows by name, found " + node.found());
        return;
    }
    for (const NodeEntry& entry : node.entries) {
        if (const NodeEntry* start = entry.value.find("start"))
            reading.starts[entry.key] = &start->value;
        FlowReader(entry, reading).read();
    }
}

}  // namespace carrick::config
