// SPDX-License-Identifier: Apache-2.0
// Routes record requests and runs writes through reading, merging, rules and the store.
#include "examples/sandbox/netsuite/record_api.hpp"

#include "examples/sandbox/netsuite/filter.hpp"
#include "examples/sandbox/netsuite/representation.hpp"
#include "examples/sandbox/netsuite/rules.hpp"
#include "examples/sandbox/netsuite/sublists.hpp"
#include "examples/sandbox/netsuite/transform.hpp"
#include "examples/sandbox/netsuite/user_time.hpp"

#include <algorithm>
#include <charconv>

namespace carrick::sandbox::netsuite {

namespace {

constexpr std::string_view kRoot = "/services/rest/record/v1";
constexpr const char* kSingular =
    "application/vnd.oracle.resource+json; type=singular; charset=UTF-8";
constexpr const char* kCollection =
    "application/vnd.oracle.resource+json; type=collection; charset=UTF-8";

Refusal not_found(std::string text) {
    Refusal refusal;
    refusal.status = 404;
    refusal.code = "NONEXISTENT_ID";
    refusal.detail = std::move(text);
    return refusal;
}

Refusal bad_request(std::string code, std::string text) {
    Refusal refusal;
    refusal.code = std::move(code);
    refusal.detail = std::move(text);
    return refusal;
}

Refusal wrong_verb(const std::string& method) {
    Refusal refusal =
        bad_request("METHOD_NOT_ALLOWED", "Method " + method + " is not allowed here.");
    refusal.status = 405;
    return refusal;
}

std::vector<std::string> words(std::string_view text, char separator) {
    std::vector<std::string> result;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        if (end > begin) result.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return result;
}

/// eid:AMZ-1 or eid:'with blanks' -> the external id; empty for an internal id.
std::string external_id_of(std::string_view segment) {
    if (!segment.starts_with("eid:")) return {};
    segment.remove_prefix(4);
    if (segment.size() >= 2 && segment.front() == '\'' && segment.back() == '\'')
        segment = segment.substr(1, segment.size() - 2);
    return std::string(segment);
}

bool flag(const Request& request, std::string_view name) {
    return request.parameter(name).value_or("") == "true";
}

std::int64_t page_number(const Request& request, std::string_view name, std::int64_t fallback) {
    const std::optional<std::string> text = request.parameter(name);
    if (!text) return fallback;
    std::int64_t number = -1;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size() || number < 0) {
        Refusal refusal = bad_request("INVALID_PARAMETER", "Invalid query parameter value '" +
                                                               *text + "'. Provide a number.");
        refusal.query_param = std::string(name);
        throw refusal;
    }
    return number;
}

void require_json(const Request& request) {
    const std::string type = lower(request.header("Content-Type"));
    if (type.starts_with("application/json")) return;
    if (type.starts_with("application/vnd.oracle.resource+json")) {
        if (type.find("type=collection") != std::string::npos) {
            // A collection comes here only without Prefer: respond-async (async_jobs.cpp).
            Refusal refusal = bad_request(
                "INVALID_HEADER",
                "Batch operations are asynchronous: send the header Prefer: respond-async.");
            refusal.header = "Prefer";
            throw refusal;
        }
        return;
    }
    Refusal refusal =
        bad_request("UNSUPPORTED_MEDIA_TYPE", "The Content-Type of the request is not supported.");
    refusal.status = 415;
    throw refusal;
}

NameCheck name_check(const Request& request) {
    const std::string text = lower(request.header("X-NetSuite-PropertyNameValidation"));
    if (text == "error") return NameCheck::Error;
    if (text == "ignore") return NameCheck::Ignore;
    if (text.empty() || text == "warning") return NameCheck::Warning;
    Refusal refusal =
        bad_request("INVALID_HEADER", "Invalid header value. Use Error, Warning or Ignore.");
    refusal.header = "X-NetSuite-PropertyNameValidation";
    throw refusal;
}

}  // namespace

std::string RecordApi::today_in(const std::string& zone, UtcTime now) {
    return local_text(now, zone).substr(0, 10);
}

Response RecordApi::handle(const Request& request, const std::vector<std::string>& path,
                           UtcTime now, Milliseconds commit_delay) {
    if (path.empty()) throw wrong_verb(request.method);
    const Call call{request, type_of(path.front()), now, commit_delay};
    if (request.method == "GET") return path.size() == 1 ? list(call) : get(call, path);
    if (path.size() == 1 && request.method == "POST") return create(call);
    if (path.size() == 2 && request.method == "PATCH") return update(call, path[1]);
    if (path.size() == 2 && request.method == "PUT") return upsert(call, path[1]);
    if (path.size() == 2 && request.method == "DELETE") return erase(call, path[1]);
    if (path.size() == 4 && path[2] == "!transform" && request.method == "POST")
        return transform(call, path[1], path[3]);
    throw wrong_verb(request.method);
}

const RecordType& RecordApi::type_of(const std::string& name) const {
    const RecordType* type = store_.schema().find(name);
    if (type == nullptr) {
        Refusal refusal = not_found("Record type '" + name + "' does not exist.");
        refusal.code = "INVALID_REQUEST";
        throw refusal;
    }
    for (const std::string& denied : words(switches_.get("netsuite.denied_permission"), ',')) {
        if (!same_name(denied, name)) continue;
        Refusal refusal = bad_request("INSUFFICIENT_PERMISSION",
                                      "Permission Violation: Your current role does not have "
                                      "permission to perform this action.");
        refusal.status = 403;
        throw refusal;
    }
    return *type;
}

const Record* RecordApi::find(const RecordType& type, const std::string& segment,
                              UtcTime now) const {
    const std::string external_id = external_id_of(segment);
    const Record* record = external_id.empty() ? store_.find(type.family, segment)
                                               : store_.find_external(type.family, external_id);
    if (record == nullptr || record->type != &type || record->visible_from > now) return nullptr;
    return record;
}

const Record& RecordApi::require(const RecordType& type, const std::string& segment,
                                 UtcTime now) const {
    if (const Record* record = find(type, segment, now)) return *record;
    const std::string external_id = external_id_of(segment);
    throw not_found(external_id.empty()
                        ? "The record instance does not exist. Provide a valid record instance ID."
                        : "The record instance for external ID '" + external_id +
                              "' does not exist. Provide a valid record instance ID.");
}

Response RecordApi::get(const Call& call, const std::vector<std::string>& path) const {
    const Record& record = require(call.type, path[1], call.now);
    const Representation representation(store_, call.request.base_url + std::string(kRoot));
    ReadOptions options;
    options.expand_sub_resources = flag(call.request, "expandSubResources");
    options.simple_enums = flag(call.request, "simpleEnumFormat");
    options.legacy_tax = switches_.is("netsuite.tax_engine", "legacy");
    options.fields = words(call.request.parameter("fields").value_or(""), ',');
    if (path.size() == 2)
        return Response::json(200, representation.record(record, options), kSingular);

    const Field* field = call.type.field(path[2]);
    if (field == nullptr || record.body[field->name].is_null())
        throw not_found("The sub-resource '" + path[2] + "' does not exist.");
    const std::string href = representation.href(record) + "/" + field->name;
    if (field->kind == FieldKind::Address && path.size() == 3)
        return Response::json(200, representation.address(record.body[field->name], href, options),
                              kSingular);
    const Sublist* list = call.type.sublist(path[2]);
    if (list == nullptr) throw not_found("The sub-resource '" + path[2] + "' does not exist.");
    if (path.size() == 3)
        return Response::json(200, representation.sublist(record, *list, true, options),
                              kCollection);

    const std::vector<Json>& lines = record.body[list->name]["items"].items();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (Representation::line_key(*list, lines[i], i) != path[3]) continue;
        if (path.size() == 4)
            return Response::json(200, representation.line(record, *list, lines[i], options),
                                  kSingular);
        const Field* inner = list->field(path[4]);
        if (path.size() == 5 && inner != nullptr && inner->kind == FieldKind::Address)
            return Response::json(
                200,
                representation.address(lines[i][inner->name],
                                       href + "/" + path[3] + "/" + inner->name, options),
                kSingular);
    }
    throw not_found("The sub-resource '" + path.back() + "' does not exist.");
}

Response RecordApi::list(const Call& call) const {
    const std::int64_t limit = page_number(call.request, "limit", 1000);
    const std::int64_t offset = page_number(call.request, "offset", 0);
    if (limit < 1 || limit > 1000 || offset % limit != 0) {
        Refusal refusal =
            bad_request("INVALID_PARAMETER", limit < 1 || limit > 1000
                                                 ? "The limit must be between 1 and 1000."
                                                 : "The offset must be a multiple of the limit.");
        refusal.query_param = limit < 1 || limit > 1000 ? "limit" : "offset";
        throw refusal;
    }
    RecordFilter filter = [](const Record&) { return true; };
    if (const std::optional<std::string> q = call.request.parameter("q"))
        filter = parse_filter(*q, call.type, switches_.get("netsuite.date_format"));

    const std::string root = call.request.base_url + std::string(kRoot) + "/" + call.type.name;
    Json items = Json::array();
    std::int64_t total = 0;
    for (const auto& [id, record] : store_.family(call.type.family)) {
        if (record.type != &call.type || record.visible_from > call.now || !filter(record))
            continue;
        if (total >= offset && total < offset + limit)
            items.push_back(
                Json::object({{"links", Representation::links(root + "/" + std::to_string(id))},
                              {"id", std::to_string(id)}}));
        ++total;
    }
    const bool more = offset + limit < total;
    const auto link = [&](const char* rel, std::int64_t at) {
        return Json::object(
            {{"rel", rel},
             {"href", root + "?limit=" + std::to_string(limit) + "&offset=" + std::to_string(at)}});
    };
    Json links = Json::array();
    if (more) links.push_back(link("next", offset + limit));
    if (more) links.push_back(link("last", (total - 1) / limit * limit));
    if (offset > 0) links.push_back(link("first", 0));
    if (offset > 0) links.push_back(link("prev", offset - limit));
    links.push_back(link("self", offset));
    const auto count = static_cast<std::int64_t>(items.size());
    return Response::json(200,
                          Json::object({{"links", std::move(links)},
                                        {"count", count},
                                        {"hasMore", more},
                                        {"items", std::move(items)},
                                        {"offset", offset},
                                        {"totalResults", total}}),
                          kCollection);
}

Json RecordApi::read(const Call& call, std::vector<std::string>& warnings) const {
    if (!call.type.writable) {
        Refusal refusal = bad_request("INSUFFICIENT_PERMISSION",
                                      "Permission Violation: Your current role does not have "
                                      "permission to perform this action.");
        refusal.status = 403;
        throw refusal;
    }
    require_json(call.request);
    ReadingRules rules;
    rules.names = name_check(call.request);
    const std::string four_byte = switches_.get("netsuite.four_byte_text");
    rules.four_byte = four_byte == "refuse"  ? FourByteText::Refuse
                      : four_byte == "strip" ? FourByteText::Strip
                                             : FourByteText::Accept;
    rules.bare_references = switches_.is("netsuite.bare_references", "accepted");
    rules.legacy_tax = switches_.is("netsuite.tax_engine", "legacy");
    rules.amazon_fields = switches_.is("netsuite.amazon_fields", "present");
    rules.now = call.now;
    Result<Json> body = Json::parse(call.request.body);
    if (!body || !body->is_object())
        throw bad_request("INVALID_CONTENT",
                          "Invalid content: the request body is not a JSON object.");
    if (body->size() == 1 && (*body)["items"].is_array())
        throw bad_request("INVALID_CONTENT",
                          "Invalid content: the body is a collection, its Content-Type is not.");
    return read_body(*body, call.type, store_, rules, warnings);
}

void RecordApi::refuse_duplicate(const RecordType& type, const std::string& external_id,
                                 std::int64_t self) const {
    const Record* other = store_.find_external(type.family, external_id);
    if (other == nullptr || other->id == self) return;
    if (type.family == "entity") throw user_error("This entity already exists.");
    const std::string wording = switches_.get("netsuite.duplicate_text");
    if (wording == "entity") throw user_error("This entity already exists.");
    if (wording == "key") {
        Refusal refusal = user_error(
            "A record with this external ID already exists: " + external_id + ".", "externalId");
        refusal.code = "DUP_RCRD";
        throw refusal;
    }
    throw user_error("This record already exists.");
}

std::int64_t RecordApi::save(Record draft, const Json& sent, UtcTime now, Milliseconds commit_delay,
                             bool replace_all) {
    const Record* before = draft.id != 0 ? store_.find(draft.type->family, draft.id) : nullptr;
    const std::optional<Record> old = before != nullptr ? std::optional(*before) : std::nullopt;
    SaveContext context{store_, switches_, now, today_in(switches_.get("netsuite.user_zone"), now)};
    context.document_number = store_.next_document_number();
    Json body = sent;
    for (const Sublist& list : draft.type->sublists) {
        const Json* lines = body.find(list.name);
        if (lines == nullptr) continue;
        MergeRules rules;
        rules.replace = replace_all;
        rules.line_step = switches_.is("netsuite.line_numbering", "gaps") ? 3 : 1;
        context.sent_lines[list.name] = merge_sublist(draft, list, *lines, rules);
        body.erase(list.name);
    }
    merge_fields(draft.body, body);
    apply_rules(draft, old ? &*old : nullptr, sent, context);
    if (!old) {
        draft.created = now;
        draft.visible_from = now + commit_delay;
    }
    draft.modified = now;
    if (old) count_on_order(store_, *old, -1, now);
    if (!draft.ref("createdFrom").empty()) count_on_order(store_, draft, 1, now);
    return store_.put(std::move(draft));
}

std::int64_t RecordApi::store_sent(const Call& call, const Record* before, const Json& sent) {
    Record draft;
    if (before != nullptr) draft = *before;
    draft.type = &call.type;
    draft.from_seed = false;
    const std::string external_id =
        sent["externalId"].is_null() ? draft.external_id() : sent["externalId"].text();
    if (!external_id.empty()) refuse_duplicate(call.type, external_id, draft.id);

    // `replace` names sublists that the request restates whole.
    const std::vector<std::string> replaced =
        words(call.request.parameter("replace").value_or(""), ',');
    const Json& body = sent;
    for (const std::string& name : replaced) {
        const Sublist* list = call.type.sublist(name);
        if (list == nullptr || before == nullptr) continue;
        if (!body.contains(list->name)) continue;
        // Lines that the request does not name by key go first; the others merge as usual.
        Record kept = draft;
        MergeRules rules;
        rules.replace = true;
        Json keys = Json::array();
        for (const Json& line : body[list->name]["items"].items()) {
            Json key = Json::object();
            bool complete = !list->existing_key.empty();
            for (const std::string& part : list->existing_key) {
                complete = complete && !line[part].is_null();
                key.set(part, line[part]);
            }
            const bool exists =
                complete &&
                std::any_of(
                    draft.body[list->name]["items"].items().begin(),
                    draft.body[list->name]["items"].items().end(), [&](const Json& there) {
                        return std::all_of(
                            list->existing_key.begin(), list->existing_key.end(),
                            [&](const std::string& part) { return there[part] == line[part]; });
                    });
            if (exists) keys.push_back(std::move(key));
        }
        static_cast<void>(
            merge_sublist(kept, *list, Json::object({{"items", std::move(keys)}}), rules));
        draft = std::move(kept);
    }
    return save(std::move(draft), body, call.now, call.commit_delay);
}

Response RecordApi::written(const Call& call, int status, std::int64_t id,
                            const std::vector<std::string>& warnings) const {
    Response response;
    response.status = status;
    const std::string path = std::string(kRoot) + "/" + call.type.name + "/" + std::to_string(id);
    response.set_header("Location", switches_.is("netsuite.relative_location", "on")
                                        ? path
                                        : call.request.base_url + path);
    for (const std::string& name : warnings)
        response.headers.emplace_back("Warning",
                                      "299 - \"Unknown field name '" + name + "' was ignored.\"");
    return response;
}

Response RecordApi::create(const Call& call) {
    std::vector<std::string> warnings;
    const Json sent = read(call, warnings);
    const std::string external_id = sent["externalId"].text();
    try {
        const std::int64_t id = store_sent(call, nullptr, sent);
        ledger_.note(call.now, call.type.name, external_id, id, WriteOutcome::Created);
        return written(call, static_cast<int>(switches_.number("netsuite.create_status")), id,
                       warnings);
    } catch (const Refusal& refusal) {
        const bool taken = store_.find_external(call.type.family, external_id) != nullptr;
        ledger_.note(call.now, call.type.name, external_id, 0,
                     taken ? WriteOutcome::RefusedDuplicate : WriteOutcome::Refused, refusal.code);
        throw;
    }
}

Response RecordApi::update(const Call& call, const std::string& segment) {
    const Record& before = require(call.type, segment, call.now);
    std::vector<std::string> warnings;
    const std::int64_t id = store_sent(call, &before, read(call, warnings));
    ledger_.note(call.now, call.type.name, store_.find(call.type.family, id)->external_id(), id,
                 WriteOutcome::Updated);
    return written(call, 204, id, warnings);
}

Response RecordApi::upsert(const Call& call, const std::string& segment) {
    const std::string external_id = external_id_of(segment);
    if (external_id.empty())
        throw bad_request("INVALID_REQUEST",
                          "PUT needs an external ID: use .../" + call.type.name + "/eid:VALUE.");
    std::vector<std::string> warnings;
    Json sent = read(call, warnings);
    sent.set("externalId", external_id);
    const Record* before = find(call.type, segment, call.now);
    const bool existed = before != nullptr;
    try {
        const std::int64_t id = store_sent(call, before, sent);
        ledger_.note(call.now, call.type.name, external_id, id,
                     existed ? WriteOutcome::Updated : WriteOutcome::Created);
        return written(call, 204, id, warnings);
    } catch (const Refusal& refusal) {
        const bool taken =
            !existed && store_.find_external(call.type.family, external_id) != nullptr;
        ledger_.note(call.now, call.type.name, external_id, 0,
                     taken ? WriteOutcome::RefusedDuplicate : WriteOutcome::Refused, refusal.code);
        throw;
    }
}

Response RecordApi::transform(const Call& call, const std::string& segment,
                              const std::string& target) {
    const Record& source = require(call.type, segment, call.now);
    const Call into{call.request, type_of(target), call.now, call.commit_delay};
    std::vector<std::string> warnings;
    Json sent = read(into, warnings);
    const std::string external_id = sent["externalId"].text();
    try {
        if (!external_id.empty()) refuse_duplicate(into.type, external_id, 0);
        Record draft = transformed(source, into.type, sent, store_, switches_);
        const std::int64_t id = save(std::move(draft), sent, call.now, call.commit_delay);
        ledger_.note(call.now, into.type.name, external_id, id, WriteOutcome::Created);
        return written(into, static_cast<int>(switches_.number("netsuite.create_status")), id,
                       warnings);
    } catch (const Refusal& refusal) {
        const bool taken =
            !external_id.empty() && store_.find_external(into.type.family, external_id) != nullptr;
        ledger_.note(call.now, into.type.name, external_id, 0,
                     taken ? WriteOutcome::RefusedDuplicate : WriteOutcome::Refused, refusal.code);
        throw;
    }
}

Response RecordApi::erase(const Call& call, const std::string& segment) {
    const Record& record = require(call.type, segment, call.now);
    if (!call.type.writable) throw wrong_verb("DELETE");
    const std::string id = std::to_string(record.id);
    if (call.type.family == "entity" || call.type.family == "item")
        for (const auto& [other_id, other] : store_.family("transaction")) {
            bool used = other.ref("entity") == id;
            for (const Json& line : other.body["item"]["items"].items())
                used = used || (call.type.family == "item" && line["item"]["id"].text() == id);
            if (used)
                throw user_error("This record cannot be deleted because it has dependent records.");
        }
    if (call.type.name == "salesOrder")
        for (const auto& [other_id, other] : store_.family("transaction"))
            if (other.ref("createdFrom") == id)
                throw user_error("This record cannot be deleted because it has dependent records.");
    const std::int64_t number = record.id;
    const Record gone = record;
    if (!gone.ref("createdFrom").empty()) count_on_order(store_, gone, -1, call.now);
    ledger_.note(call.now, call.type.name, gone.external_id(), number, WriteOutcome::Deleted);
    store_.erase(call.type.family, number);
    Response response;
    response.status = 204;
    return response;
}

}  // namespace carrick::sandbox::netsuite
