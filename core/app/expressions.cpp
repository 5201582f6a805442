// SPDX-License-Identifier: Apache-2.0
#include "core/app/expressions.hpp"

#include "core/engine/mapping.hpp"

#include <string>

namespace carrick::app {

namespace {

class Expressions {
public:
    explicit Expressions(const config::Config& config) : config_(config) {}

    std::vector<config::Problem> check() {
        for (const std::string& name : config_.order) {
            const std::string key = "flows." + name;
            const config::FlowConfig& flow = config_.flows.at(name);
            if (!flow.where.empty())
                if (const auto compiled = engine::Filter::compile(flow.where); !compiled)
                    add(key + ".where", compiled.error());
            if (const auto own = config_.flow_mapping.find(name); own != config_.flow_mapping.end())
                mapping(key + ".mapping", own->second);
            if (const auto per = config_.flow_per_marketplace.find(name);
                per != config_.flow_per_marketplace.end())
                for (const JsonMember& marketplace : per->second.members())
                    mapping(key + ".per_marketplace." + marketplace.key + ".mapping",
                            marketplace.value["mapping"]);
        }
        return std::move(problems_);
    }

private:
    void mapping(const std::string& key, const Json& mapping) {
        for (const JsonMember& write : mapping.members())
            for (const JsonMember& field : write.value.members()) {
                if (field.value.is_null()) continue;  // the level below decides
                const Json alone = Json::object({{field.key, field.value}});
                if (const auto compiled = engine::Overlay::compile(alone, {}); !compiled)
                    add(key + "." + write.key + "." + field.key, compiled.error());
            }
    }

    void add(const std::string& key, const Error& error) {
        config::Problem problem;
        problem.file = config_.file.string();
        problem.key = key;
        problem.code = error.code;
        problem.message = error.message;
        // The place itself, or the nearest one around it.
        for (std::string at = key; !at.empty();) {
            if (const auto mark = config_.marks.find(at); mark != config_.marks.end()) {
                problem.mark = mark->second;
                break;
            }
            const std::size_t dot = at.rfind('.');
            at.resize(dot == std::string::npos ? 0 : dot);
        }
        problems_.push_back(std::move(problem));
    }

    const config::Config& config_;
    std::vector<config::Problem> problems_;
};

}  // namespace

std::vector<config::Problem> check_expressions(const config::Config& config) {
    return Expressions(config).check();
}

}  // namespace carrick::app
