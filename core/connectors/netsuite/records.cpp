// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/records.hpp"

#include "core/connectors/netsuite/error_classification.hpp"
#include "core/connectors/netsuite/request_reader.hpp"
#include "core/connectors/netsuite/suiteql.hpp"
#include "core/connectors/netsuite/url_text.hpp"

#include <algorithm>
#include <array>

namespace carrick::connectors::netsuite {
namespace {

/// Which fields name an existing line (x-ns-sublistkey). A line is keyed when it has all of one
/// row. Sublists without a row are keyed by `line`, `id` or `internalId`.
struct LineKey {
    std::string_view sublist;
    std::array<std::string_view, 3> fields;
};
constexpr std::array kLineKeys{
    LineKey{"item", {"line", "", ""}},
    LineKey{"line", {"line", "", ""}},
    LineKey{"inventory", {"line", "", ""}},
    LineKey{"apply", {"doc", "", ""}},
    LineKey{"credit", {"doc", "", ""}},
    LineKey{"payment", {"id", "", ""}},
    LineKey{"price", {"currencyPage", "priceLevel", "quantity"}},
};
constexpr std::array<std::string_view, 3> kUsualKeys{"line", "id", "internalId"};

/// `id` or `external_id` as the last part of a path; one of them must be there.
Result<std::string> address_of(RequestReader& reader, const std::string& prefix = "") {
    const std::string id = reader.optional_text(prefix + "id");
    const std::string external_id = reader.optional_text(prefix + "external_id");
    if (reader.problem()) return *reader.problem();
    if (!id.empty()) {
        if (is_internal_id(id)) return id;
        return bug("netsuite.request", "\"" + id.substr(0, 60) + "\" is no internal id");
    }
    return eid_segment(external_id);
}

/// The sublists of a body: members that are {"items": [objects]}. A multi-select looks the same but
/// its items hold an id and nothing else, and then they are keyed.
template <class Json_, class Visit>
void each_sublist(Json_& body, const Visit& visit) {
    for (const JsonMember& member : body.members())
        if (member.value.is_object() && member.value["items"].is_array())
            visit(member.key, member.value["items"].items());
}

Error unkeyed(std::string_view operation, const std::string& sublist) {
    return bug("netsuite.unkeyed_lines",
               std::string(operation) + ": a line of \"" + sublist +
                   "\" has no key and would be added again by a repeat; give it its key, have it "
                   "found by match_lines, or name the sublist in replace");
}

bool names(const std::vector<std::string>& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

std::string replace_query(const std::vector<std::string>& replace) {
    std::string query;
    for (const std::string& sublist : replace)
        query += (query.empty() ? "?replace=" : ",") + sublist;
    return query;
}

Reply ok_reply(const Json& body) {
    return {ReplyStatus::Ok, body.dump(), {}};
}

/// The id of the record that a write has made or changed; asks for it where the answer keeps it to
/// itself (a proxy may have taken Location away).
Reply written(Session& session, const http::HttpResponse& response, const std::string& record_type,
              const std::string& address, bool created, const CallContext& context) {
    std::string id = id_in_answer(response);
    if (id.empty() && is_internal_id(address)) id = address;
    if (id.empty()) {
        ApiRequest look;
        look.path = record_path(record_type) + "/" + address;
        look.headers = {{"Accept", "application/json"}};
        const ApiOutcome found = session.send(look, context);
        if (found.ok()) id = Json::parse(found.response.body).value_or(Json())["id"].text();
        if (!is_internal_id(id)) {
            Error error = found.ok() ? transient("netsuite.id_unknown", "") : found.error;
            error.message =
                "the write succeeded but its answer names no record, and looking it up "
                "by external id did not tell either; " +
                error.message;
            error.error_class = ErrorClass::Transient;
            error.code = "netsuite.id_unknown";
            return {ReplyStatus::Unknown, {}, std::move(error)};
        }
    }
    Json reply = Json::object({{"id", Json(id)}});
    if (created) reply.set("adopted", Json(false));
    return ok_reply(reply);
}

/// Gives each line of `lines` the key of the one existing line with the same value in `field`.
Result<void> take_keys(const std::string& sublist, const std::string& field,
                       const Json::Array& existing, Json::Array& lines) {
    for (Json& line : lines) {
        if (has_line_key(sublist, line)) continue;
        const Json& wanted = line[field];
        const Json* match = nullptr;
        std::size_t matches = 0;
        for (const Json& candidate : existing) {
            const Json& value = candidate[field];
            // A reference is an object; its id is what both sides agree on.
            const bool equal =
                value.is_object() || wanted.is_object()
                    ? !wanted["id"].text().empty() && value["id"].text() == wanted["id"].text()
                    : !wanted.is_null() && value == wanted;
            if (!equal) continue;
            ++matches;
            match = &candidate;
        }
        if (matches != 1)
            return rejected("netsuite.line_not_found",
                            "sublist \"" + sublist + "\" has " + std::to_string(matches) +
                                " lines whose " + field + " is " + masked(wanted.dump()) +
                                "; expected exactly one",
                            sublist);
        const std::string_view key = sublist == "apply" || sublist == "credit" ? "doc"
                                     : sublist == "payment"                    ? "id"
                                                                               : "line";
        if ((*match)[key].is_null())
            return rejected("netsuite.line_not_found",
                            "the line of \"" + sublist + "\" whose " + field + " is " +
                                masked(wanted.dump()) + " was read without its key",
                            sublist);
        line.set(key, (*match)[key]);
    }
    return {};
}

/// Reads the record with its sublists and completes the body's lines with their keys.
ApiOutcome match_lines(Session& session, const std::string& path, const Json& wanted, Json& body,
                       const CallContext& context) {
    ApiRequest read;
    read.path = path + "?expandSubResources=true";
    read.headers = {{"Accept", "application/json"}};
    ApiOutcome outcome = session.send(read, context);
    if (!outcome.ok()) return outcome;
    const Json record = Json::parse(outcome.response.body).value_or(Json());
    for (const JsonMember& entry : wanted.members()) {
        Json* sublist = body.find(entry.key);
        Json* items = sublist != nullptr ? sublist->find("items") : nullptr;
        Json::Array* lines = items != nullptr ? items->items_if() : nullptr;
        if (lines == nullptr) continue;
        Result<void> taken =
            take_keys(entry.key, entry.value.text(), record[entry.key]["items"].items(), *lines);
        if (!taken) {
            outcome.status = ReplyStatus::Failed;
            outcome.error = taken.error();
            return outcome;
        }
    }
    return outcome;
}

}  // namespace

bool has_line_key(std::string_view sublist, const Json& line) {
    for (const LineKey& key : kLineKeys)
        if (key.sublist == sublist)
            return std::all_of(key.fields.begin(), key.fields.end(), [&](std::string_view field) {
                return field.empty() || !line[field].is_null();
            });
    return std::any_of(kUsualKeys.begin(), kUsualKeys.end(),
                       [&](std::string_view field) { return !line[field].is_null(); });
}

std::string record_path(std::string_view record_type) {
    return "/record/v1/" + std::string(record_type);
}

http::Headers write_headers(std::string_view content_type) {
    return {{"Content-Type", std::string(content_type)},
            {"Accept", "application/json"},
            // The default only warns about a misspelt name and writes the rest.
            {"X-NetSuite-PropertyNameValidation", "Error"},
            {"X-NetSuite-PropertyValueValidation", "Error"}};
}

std::optional<Error> unkeyed_lines(std::string_view operation, const Json& body,
                                   const std::vector<std::string>& replace) {
    std::optional<Error> problem;
    each_sublist(body, [&](const std::string& sublist, const Json::Array& lines) {
        for (const Json& line : lines)
            if (!names(replace, sublist) && !has_line_key(sublist, line) && !problem)
                problem = unkeyed(operation, sublist);
    });
    return problem;
}

std::string id_in_answer(const http::HttpResponse& response) {
    std::string id = id_in_location(response.header("Location"));
    if (!id.empty() || response.body.empty()) return id;
    const Json body = Json::parse(response.body).value_or(Json());
    const Json& stated = body["id"];
    id = stated.number_if() != nullptr ? *stated.number_if() : stated.text();
    return is_internal_id(id) ? id : std::string();
}

namespace {

/// The members that creates, upserts and transforms share; the external id goes into the body.
Result<RecordWrite> with_external_id(RequestReader& reader, RecordWrite write) {
    write.external_id = reader.text("external_id");
    const std::string inside = write.body["externalId"].text();
    if (!inside.empty() && inside != write.external_id)
        reader.complain("body.externalId \"" + inside + "\" is not external_id \"" +
                        write.external_id + "\"");
    if (reader.problem()) return *reader.problem();
    Result<std::string> address = eid_segment(write.external_id);
    if (!address) return address.error();
    write.address = std::move(address).value();
    return write;
}

}  // namespace

Result<RecordWrite> read_create(const Json& request) {
    RequestReader reader("netsuite.records.create", request);
    RecordWrite write;
    write.record_type = reader.record_type("record_type");
    write.body = reader.object("body");
    Result<RecordWrite> whole = with_external_id(reader, std::move(write));
    if (whole) whole->body.set("externalId", Json(whole->external_id));
    return whole;
}

Result<RecordWrite> read_upsert(const Json& request) {
    constexpr std::string_view kName = "netsuite.records.upsert";
    RequestReader reader(kName, request);
    RecordWrite write;
    write.record_type = reader.record_type("record_type");
    write.replace = reader.identifiers("replace");
    write.body = reader.object("body");
    Result<RecordWrite> whole = with_external_id(reader, std::move(write));
    if (!whole) return whole;
    if (std::optional<Error> problem = unkeyed_lines(kName, whole->body, whole->replace))
        return *problem;
    return whole;
}

Reply create_record(Session& session, const Json& request, const CallContext& context) {
    const Result<RecordWrite> create = read_create(request);
    if (!create) return failed_reply(create.error());
    ApiRequest write;
    write.method = "POST";
    write.kind = ConcurrencyBudget::Kind::Write;
    write.path = record_path(create->record_type);
    write.headers = write_headers();
    write.body = create->body.dump();
    const ApiOutcome outcome = session.send(write, context);
    if (!outcome.ok()) return failed_reply(outcome);
    return written(session, outcome.response, create->record_type, create->address, true, context);
}

Reply get_record(Session& session, const Json& request, const CallContext& context) {
    RequestReader reader("netsuite.records.get", request);
    const std::string record_type = reader.record_type("record_type");
    const bool expand = reader.flag("expand", false);
    const std::vector<std::string> fields = reader.identifiers("fields");
    Result<std::string> address = address_of(reader);
    if (reader.problem()) return failed_reply(*reader.problem());
    if (!address) return failed_reply(address.error());

    ApiRequest read;
    read.path = record_path(record_type) + "/" + *address;
    // NetSuite ignores `fields` beside expanded sub-resources, so the two are not sent together.
    if (expand) {
        read.path += "?expandSubResources=true";
    } else if (!fields.empty()) {
        read.path += "?fields=";
        for (std::size_t i = 0; i < fields.size(); ++i)
            read.path += (i == 0 ? "" : ",") + fields[i];
    }
    read.headers = {{"Accept", "application/json"}};
    const ApiOutcome outcome = session.send(read, context);
    if (!outcome.ok()) return failed_reply(outcome);
    Result<Json> record = Json::parse(outcome.response.body);
    if (!record || !record->is_object())
        return failed_reply(transient("netsuite.answer_lost",
                                      "netsuite.records.get: the answer is no JSON object"));
    std::string id = (*record)["id"].text();
    if (id.empty() && is_internal_id(*address)) id = *address;
    return ok_reply(Json::object({{"id", Json(id)}, {"record", std::move(record).value()}}));
}

Reply upsert_record(Session& session, const Json& request, const CallContext& context) {
    const Result<RecordWrite> upsert = read_upsert(request);
    if (!upsert) return failed_reply(upsert.error());
    ApiRequest write;
    write.method = "PUT";
    write.kind = ConcurrencyBudget::Kind::Write;
    write.path =
        record_path(upsert->record_type) + "/" + upsert->address + replace_query(upsert->replace);
    write.headers = write_headers();
    write.body = upsert->body.dump();
    const ApiOutcome outcome = session.send(write, context);
    if (!outcome.ok()) return failed_reply(outcome);
    return written(session, outcome.response, upsert->record_type, upsert->address, false, context);
}

Reply transform_record(Session& session, const Json& request, const CallContext& context) {
    RequestReader reader("netsuite.records.transform", request);
    const std::string source_type = reader.record_type("source_type");
    RecordWrite target;
    target.record_type = reader.record_type("target_type");
    target.body = request.contains("body") ? reader.object("body") : Json::object();
    if (reader.problem()) return failed_reply(*reader.problem());
    const Result<std::string> source = address_of(reader, "source_");
    if (reader.problem()) return failed_reply(*reader.problem());
    if (!source) return failed_reply(source.error());
    Result<RecordWrite> made = with_external_id(reader, std::move(target));
    if (!made) return failed_reply(made.error());
    made->body.set("externalId", Json(made->external_id));

    ApiRequest write;
    write.method = "POST";
    write.kind = ConcurrencyBudget::Kind::Write;
    write.path = record_path(source_type) + "/" + *source + "/!transform/" + made->record_type;
    write.headers = write_headers();
    write.body = made->body.dump();
    const ApiOutcome outcome = session.send(write, context);
    if (!outcome.ok()) return failed_reply(outcome);
    return written(session, outcome.response, made->record_type, made->address, true, context);
}

Reply patch_record(Session& session, const Json& request, const CallContext& context) {
    constexpr std::string_view kName = "netsuite.records.patch";
    RequestReader reader(kName, request);
    const std::string record_type = reader.record_type("record_type");
    const std::vector<std::string> replace = reader.identifiers("replace");
    Json body = reader.object("body");
    const Json& matching = request["match_lines"];
    if (!matching.is_null() && !matching.is_object()) reader.complain("match_lines is no object");
    for (const JsonMember& entry : matching.members())
        if (!is_identifier(entry.value.text()))
            reader.complain("match_lines: a field name is missing");
    const Result<std::string> address = address_of(reader);
    if (reader.problem()) return failed_reply(*reader.problem());
    if (!address) return failed_reply(address.error());
    std::string where = *address;

    if (!matching.empty()) {
        const ApiOutcome read =
            match_lines(session, record_path(record_type) + "/" + where, matching, body, context);
        if (!read.ok()) return failed_reply(read);
        // The id is known now, and the answer to the write need not tell it.
        const Json record = Json::parse(read.response.body).value_or(Json());
        if (is_internal_id(record["id"].text())) where = record["id"].text();
    }
    if (const std::optional<Error> problem = unkeyed_lines(kName, body, replace))
        return failed_reply(*problem);

    ApiRequest write;
    write.method = "PATCH";
    write.kind = ConcurrencyBudget::Kind::Write;
    write.path = record_path(record_type) + "/" + where + replace_query(replace);
    write.headers = write_headers();
    write.body = body.dump();
    const ApiOutcome outcome = session.send(write, context);
    if (!outcome.ok()) return failed_reply(outcome);
    return written(session, outcome.response, record_type, where, false, context);
}

}  // namespace carrick::connectors::netsuite
