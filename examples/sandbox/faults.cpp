// SPDX-License-Identifier: Apache-2.0
// Which request meets which fault.
#include "examples/sandbox/faults.hpp"

#include "examples/sandbox/world/random.hpp"

#include <algorithm>
#include <array>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

struct Named {
    Fault fault;
    std::string_view name;
    bool of_the_wire;
};
constexpr std::array kFaults{
    Named{Fault::Throttled, "throttled", true},
    Named{Fault::ServerError, "error500", true},
    Named{Fault::Unavailable, "error503", true},
    Named{Fault::ResetBefore, "reset_before", true},
    Named{Fault::TimeoutBefore, "timeout_before", true},
    Named{Fault::ServerErrorAfter, "error500_after", true},
    Named{Fault::DropAfter, "drop_after", true},
    Named{Fault::TimeoutAfter, "timeout_after", true},
    Named{Fault::SlowDrip, "slow_drip", true},
    Named{Fault::TruncatedBody, "truncated_body", true},
    Named{Fault::BadGzip, "bad_gzip", true},
    Named{Fault::ExpiredToken, "expired_token", false},
    Named{Fault::ClockSkew, "clock_skew", false},
    Named{Fault::SlowCommit, "slow_commit", false},
    Named{Fault::LostJob, "lost_job", false},
    Named{Fault::FatalReport, "fatal_report", false},
    Named{Fault::ExpiredUrl, "expired_url", false},
    Named{Fault::CutGzip, "cut_gzip", false},
    Named{Fault::HalfFile, "half_file", false},
    Named{Fault::WrongCharset, "wrong_charset", false},
    Named{Fault::MissingColumn, "missing_column", false},
    Named{Fault::TooManyFields, "too_many_fields", false},
};

const Named& named(Fault fault) {
    return *std::find_if(kFaults.begin(), kFaults.end(),
                         [&](const Named& each) { return each.fault == fault; });
}

bool matches(std::string_view pattern, std::string_view text) {
    if (pattern == "*" || pattern == text) return true;
    return !pattern.empty() && pattern.back() == '*' &&
           text.starts_with(pattern.substr(0, pattern.size() - 1));
}

// Profiles by name. "rough" is what the kill loop runs under: every fault there is, each seldom
// enough that work goes on.
std::optional<std::vector<FaultRule>> profile(std::string_view name) {
    if (name == "none") return std::vector<FaultRule>{};
    const auto rule = [](Fault fault, std::uint32_t per_mille, std::chrono::milliseconds delay) {
        FaultRule made;
        made.fault = fault;
        made.per_mille = per_mille;
        made.delay = delay;
        return made;
    };
    if (name == "rough")
        return std::vector<FaultRule>{
            rule(Fault::Throttled, 20, 0ms),       rule(Fault::ServerError, 10, 0ms),
            rule(Fault::Unavailable, 10, 0ms),     rule(Fault::ResetBefore, 10, 0ms),
            rule(Fault::ServerErrorAfter, 5, 0ms), rule(Fault::DropAfter, 10, 0ms),
            rule(Fault::SlowDrip, 2, 2ms),         rule(Fault::TruncatedBody, 5, 0ms),
            rule(Fault::BadGzip, 3, 0ms),          rule(Fault::ExpiredToken, 3, 0ms),
            rule(Fault::SlowCommit, 3, 500ms)};
    if (name == "storm")  // a bad hour of one region: nearly everything fails at first
        return std::vector<FaultRule>{
            rule(Fault::Unavailable, 300, 0ms), rule(Fault::ServerError, 200, 0ms),
            rule(Fault::ResetBefore, 100, 0ms), rule(Fault::DropAfter, 100, 0ms)};
    if (name == "lost_answers")
        return std::vector<FaultRule>{rule(Fault::DropAfter, 100, 0ms),
                                      rule(Fault::ServerErrorAfter, 50, 0ms),
                                      rule(Fault::SlowCommit, 50, 500ms)};
    return std::nullopt;
}

Error problem(const std::string& message) {
    return rejected("sandbox.faults", message);
}

Result<std::uint64_t> whole(const Json& json, std::string_view key, std::uint64_t fallback) {
    const Json* value = json.find(key);
    if (value == nullptr || value->is_null()) return fallback;
    const std::optional<std::int64_t> number = value->integer_if();
    if (!number || *number < 0)
        return problem("\"" + std::string(key) + "\" must be a whole number from 0");
    return static_cast<std::uint64_t>(*number);
}

Result<FaultRule> rule_from(const Json& json) {
    const std::optional<Fault> fault = fault_by_name(json["fault"].text());
    if (!fault) {
        std::string known;
        for (const Named& each : kFaults)
            known += (known.empty() ? "" : ", ") + std::string(each.name);
        return problem("\"" + json["fault"].text().substr(0, 60) + "\" is no fault; there are " +
                       known);
    }
    FaultRule rule;
    rule.fault = *fault;
    rule.service = json["service"].text_or("*");
    rule.operation = json["operation"].text_or("*");
    const Result<std::uint64_t> per_mille = whole(json, "per_mille", rule.per_mille);
    if (!per_mille) return per_mille.error();
    if (*per_mille > 1000) return problem("\"per_mille\" is a chance of 1000");
    rule.per_mille = static_cast<std::uint32_t>(*per_mille);
    const Result<std::uint64_t> skip = whole(json, "skip", 0);
    if (!skip) return skip.error();
    rule.skip = *skip;
    if (json.contains("count")) {
        const Result<std::uint64_t> count = whole(json, "count", 0);
        if (!count) return count.error();
        rule.count = *count;
    }
    const Result<std::uint64_t> delay =
        whole(json, "delay_ms", static_cast<std::uint64_t>(rule.delay.count()));
    if (!delay) return delay.error();
    rule.delay = std::chrono::milliseconds(*delay);
    return rule;
}

}  // namespace

std::string_view fault_name(Fault fault) {
    return named(fault).name;
}

std::optional<Fault> fault_by_name(std::string_view name) {
    for (const Named& each : kFaults)
        if (each.name == name) return each.fault;
    return std::nullopt;
}

Faults::Faults(std::uint64_t seed) : seed_(seed) {}

bool Faults::decide(Armed& armed, std::size_t index, std::string_view service,
                    std::string_view operation) const {
    if (!matches(armed.rule.service, service) || !matches(armed.rule.operation, operation))
        return false;
    const std::uint64_t match = armed.matched++;
    if (match < armed.rule.skip) return false;
    if (armed.rule.count && armed.fired >= *armed.rule.count) return false;
    // The nth match of a rule always decides alike, whatever came between.
    return mix(mix(seed_, index), match) % 1000 < armed.rule.per_mille;
}

std::optional<Faults::Hit> Faults::on_request(std::string_view service,
                                              std::string_view operation) {
    const std::lock_guard lock(mutex_);
    std::optional<Hit> hit;
    for (std::size_t i = 0; i < armed_.size(); ++i) {
        Armed& armed = armed_[i];
        if (!named(armed.rule.fault).of_the_wire) continue;
        if (!decide(armed, i, service, operation) || hit) continue;
        ++armed.fired;
        hit = Hit{armed.rule.fault, armed.rule.delay};
    }
    return hit;
}

std::optional<Faults::Hit> Faults::fires(Fault fault, std::string_view service,
                                         std::string_view operation) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < armed_.size(); ++i) {
        Armed& armed = armed_[i];
        if (armed.rule.fault != fault || !decide(armed, i, service, operation)) continue;
        ++armed.fired;
        return Hit{fault, armed.rule.delay};
    }
    return std::nullopt;
}

void Faults::add(FaultRule rule) {
    const std::lock_guard lock(mutex_);
    armed_.push_back({std::move(rule)});
}

void Faults::clear() {
    const std::lock_guard lock(mutex_);
    armed_.clear();
}

Result<void> Faults::configure(const Json& json) {
    std::vector<Armed> armed;
    if (const Json* name = json.find("profile")) {
        std::optional<std::vector<FaultRule>> rules = profile(name->text());
        if (!rules)
            return problem("there is no profile \"" + name->text().substr(0, 60) +
                           "\"; there are none, rough, storm, lost_answers");
        for (FaultRule& rule : *rules) armed.push_back({std::move(rule)});
    }
    for (const Json& each : json["rules"].items()) {
        Result<FaultRule> rule = rule_from(each);
        if (!rule) return rule.error();
        armed.push_back({std::move(*rule)});
    }
    if (!json.contains("profile") && !json["rules"].is_array())
        return problem("expected {\"profile\": name} or {\"rules\": [...]}");
    const std::lock_guard lock(mutex_);
    armed_ = std::move(armed);
    return {};
}

Json Faults::describe() const {
    const std::lock_guard lock(mutex_);
    Json list = Json::array();
    for (const Armed& armed : armed_) {
        Json rule = Json::object({{"fault", fault_name(armed.rule.fault)},
                                  {"service", armed.rule.service},
                                  {"operation", armed.rule.operation},
                                  {"per_mille", static_cast<std::int64_t>(armed.rule.per_mille)},
                                  {"skip", armed.rule.skip},
                                  {"delay_ms", std::int64_t{armed.rule.delay.count()}},
                                  {"matched", armed.matched},
                                  {"fired", armed.fired}});
        if (armed.rule.count) rule.set("count", *armed.rule.count);
        list.push_back(std::move(rule));
    }
    return list;
}

}  // namespace carrick::sandbox
