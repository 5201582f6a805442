// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sync_report.hpp"

namespace carrick::engine {

namespace {

const KeyNote* note_of(const KeyWatch::Notes& notes, const store::InstanceName& name,
                       const std::string& key) {
    const auto of_instance = notes.find(name);
    if (of_instance == notes.end()) return nullptr;
    const auto found = of_instance->second.find(key);
    return found == of_instance->second.end() ? nullptr : &found->second;
}

void add_text(Json& json, const char* key, const std::string& text) {
    if (!text.empty()) json.set(key, Json(text));
}

void add_time(Json& json, const char* key, UtcTime time) {
    if (time != UtcTime()) json.set(key, Json(time.text()));
}

Json place_json(const SyncPlace& place) {
    Json json =
        Json::object({{"flow", Json(place.name.flow)}, {"account", Json(place.name.origin)}});
    add_text(json, "marketplace", place.name.partition);
    return json;
}

Json flow_json(const SyncPlace& place, const KeyNote& note) {
    Json json = place_json(place);
    const bool stopped = note.state == KeyState::Running && place.hold;
    json.set("state", Json(stopped ? std::string_view("stopped") : to_string(note.state)));
    if (note.earlier) json.set("earlier", Json(true));
    if (const Result<Json> ids = Json::parse(note.ids); ids && ids->size() > 0)
        json.set("ids", *ids);
    add_text(json, "reason", note.reason);
    add_text(json, "code", stopped ? place.hold->code : note.code);
    add_text(json, "message", stopped ? place.hold->message : note.message);
    if (note.error_id != 0) json.set("error", Json(note.error_id));
    add_time(json, "look_again_at", note.look_again_at);
    add_time(json, "deadline", note.deadline);
    return json;
}

/// Why a source has not passed the record on.
Json refusal(const SyncPlace& place, const KeyNote* note) {
    Json json = place_json(place);
    const Error none = transient("sync.no_answer", "the source has not answered yet");
    const Error& why = place.hold ? *place.hold : place.trouble ? *place.trouble : none;
    json.set("code", Json(note != nullptr ? note->code : why.code));
    json.set("message", Json(note != nullptr ? note->message : why.message));
    return json;
}

Json record_json(const std::string& key, const std::vector<SyncPlace>& places,
                 const KeyWatch::Notes& notes) {
    bool found = false;
    bool failed = false;
    bool waits = false;
    Json flows = Json::array();
    Json refused = Json::array();
    for (const SyncPlace& place : places) {
        const KeyNote* note = note_of(notes, place.name, key);
        if (place.source) {
            if (note != nullptr && note->state == KeyState::Done)
                found = true;
            else
                refused.push_back(refusal(place, note));
        } else if (note != nullptr) {
            flows.push_back(flow_json(place, *note));
            failed = failed || note->state == KeyState::Failed ||
                     note->state == KeyState::Unknown ||
                     (note->state == KeyState::Running && place.hold);
            waits = waits || note->state == KeyState::Waiting ||
                    note->state == KeyState::Retrying || note->state == KeyState::Running;
        }
    }
    return Json::object({{"key", Json(key)},
                         {"state", Json(!found || failed ? "failed"
                                        : waits          ? "waiting"
                                                         : "settled")},
                         {"found", Json(found)},
                         {"flows", std::move(flows)},
                         {"refused", std::move(refused)}});
}

}  // namespace

Json sync_report(const std::vector<std::string>& keys, const std::vector<SyncPlace>& places,
                 const KeyWatch::Notes& notes, bool complete) {
    Json records = Json::array();
    for (const std::string& key : keys) records.push_back(record_json(key, places, notes));
    return Json::object(
        {{"ok", Json(true)}, {"complete", Json(complete)}, {"records", std::move(records)}});
}

}  // namespace carrick::engine
