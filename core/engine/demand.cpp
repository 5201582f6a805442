// SPDX-License-Identifier: Apache-2.0
#include "core/engine/demand.hpp"

#include <array>

namespace carrick::engine {

namespace {

constexpr std::array<std::string_view, 4> kStates{"running", "done", "stopped", "failed"};

UtcTime time_or_none(const Json& text) {
    const Result<UtcTime> time = UtcTime::parse(text.text());
    return time ? *time : UtcTime();
}

Json time_json(UtcTime time) {
    return Json(time == UtcTime() ? std::string() : time.text());
}

}  // namespace

std::string_view to_string(DemandState state) {
    return kStates[static_cast<std::size_t>(state)];
}

void Demand::end(DemandState how, UtcTime at_time) {
    state = how;
    ended = at_time;
}

std::string Demand::text() const {
    Json json = Json::object({{"demand", asked},
                              {"at", Json(at)},
                              {"id", Json(id)},
                              {"share", Json(share)},
                              {"who", Json(who)},
                              {"since", time_json(since)},
                              {"state", Json(to_string(state))},
                              {"pages", Json(pages)},
                              {"records", Json(records)},
                              {"ended", time_json(ended)},
                              {"ended_by", Json(ended_by)}});
    if (state == DemandState::Failed)
        json.set("error",
                 Json::object({{"code", Json(error.code)}, {"message", Json(error.message)}}));
    return json.dump();
}

Result<Demand> Demand::parse(std::string_view text) {
    const Result<Json> json = Json::parse(text);
    const std::string state = json ? (*json)["state"].text() : std::string();
    std::size_t known = 0;
    while (known < kStates.size() && kStates[known] != state) ++known;
    if (!json || !(*json)["demand"].is_object() || known == kStates.size())
        return bug(
            "engine.demand",
            "the checkpoint of a stream on demand cannot be read; keep the store and report it");
    Demand demand;
    demand.asked = (*json)["demand"];
    demand.at = (*json)["at"].text();
    demand.id = (*json)["id"].integer_if().value_or(0);
    demand.share = static_cast<int>((*json)["share"].integer_if().value_or(100));
    demand.who = (*json)["who"].text();
    demand.since = time_or_none((*json)["since"]);
    demand.state = static_cast<DemandState>(known);
    demand.pages = (*json)["pages"].integer_if().value_or(0);
    demand.records = (*json)["records"].integer_if().value_or(0);
    demand.ended = time_or_none((*json)["ended"]);
    demand.ended_by = (*json)["ended_by"].integer_if().value_or(0);
    if (demand.state == DemandState::Failed)
        demand.error =
            rejected((*json)["error"]["code"].text(), (*json)["error"]["message"].text());
    return demand;
}

bool Demand::same_range(const Demand& earlier) const {
    Json mine = asked;
    Json other = earlier.asked;
    if (until_now) {
        mine.erase("to");
        other.erase("to");
    }
    return mine == other;
}

std::string Demand::for_plugin() const {
    return Json::object({{"demand", asked}, {"at", Json(at)}}).dump();
}

UtcTime Demand::reached() const {
    const Result<Json> json = Json::parse(at);
    return json ? time_or_none((*json)["reached"]) : UtcTime();
}

Json Demand::refused() const {
    const Result<Json> json = Json::parse(at);
    return json && (*json)["refused"].is_object() ? (*json)["refused"] : Json::object();
}

}  // namespace carrick::engine
