// SPDX-License-Identifier: Apache-2.0
// Records: create, get, upsert, patch and transform over the REST record API, so that no repeat and
// no retry ever doubles a record or a line.
#pragma once

#include "core/connectors/netsuite/session.hpp"

#include <carrick/sdk/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace carrick::connectors::netsuite {

/// A create or an upsert, its request checked: what a single request and a batch are made from.
struct RecordWrite {
    std::string record_type;
    std::string external_id;
    std::string address;               ///< "eid:…"
    Json body;                         ///< a create's holds the external id too
    std::vector<std::string> replace;  ///< an upsert's sublists that are replaced as a whole
};
/// Errors   Bug `netsuite.request`, `netsuite.unkeyed_lines`; Rejected `netsuite.external_id`.
[[nodiscard]] Result<RecordWrite> read_create(const Json& request);
[[nodiscard]] Result<RecordWrite> read_upsert(const Json& request);

/// "/record/v1/" + type.
[[nodiscard]] std::string record_path(std::string_view record_type);
/// What every write carries: a misspelt name is an error, not a warning.
[[nodiscard]] http::Headers write_headers(std::string_view content_type = "application/json");
/// Bug `netsuite.unkeyed_lines` where a line has no key and its sublist is not in `replace`.
[[nodiscard]] std::optional<Error> unkeyed_lines(std::string_view operation, const Json& body,
                                                 const std::vector<std::string>& replace);
/// The id that the answer to a write names, in Location or in its body; "" where it names none.
[[nodiscard]] std::string id_in_answer(const http::HttpResponse& response);

/// {record_type, external_id, body} -> {id, adopted: false}. The external id goes into the body.
/// Errors   Rejected `netsuite.duplicate`: it exists; the flow adopts it. Unknown: an answer that
///          was lost, or a success that does not tell the id even when asked.
[[nodiscard]] Reply create_record(Session& session, const Json& request,
                                  const CallContext& context);

/// {record_type, id | external_id, expand?, fields?} -> {id, record}.
/// Errors   Rejected `netsuite.nonexistent_id`.
[[nodiscard]] Reply get_record(Session& session, const Json& request, const CallContext& context);

/// {record_type, external_id, body, replace?: [sublist]} -> {id}. PUT eid: creates or merges.
/// Errors   Bug `netsuite.unkeyed_lines`: a sublist in the body that `replace` does not name; sent
///          twice it would double its lines.
[[nodiscard]] Reply upsert_record(Session& session, const Json& request,
                                  const CallContext& context);

/// {record_type, id | external_id, body, replace?: [sublist], match_lines?: {sublist: field}}
/// -> {id}. A line must carry its key, unless its sublist is replaced as a whole. With
/// `match_lines` the record is read first and each line gets the key of the line that has the same
/// value in `field`.
/// Errors   Bug `netsuite.unkeyed_lines`; Rejected `netsuite.line_not_found`: no line, or several,
///          with that value.
[[nodiscard]] Reply patch_record(Session& session, const Json& request, const CallContext& context);

/// {source_type, source_id | source_external_id, target_type, external_id, body?} ->
/// {id, adopted: false}. Makes the target from the source, with its open lines; `body` overrides
/// fields in the target's words: a line named by `orderLine` is adjusted, with `itemReceive: false`
/// left out. The external id is the target's: a transform is not idempotent by itself, and only
/// that refuses the second one.
/// Errors   Rejected `netsuite.duplicate`: the target exists, the flow adopts it;
///          `netsuite.not_transformable`, `netsuite.no_lines`: nothing (left) to make it from;
///          `netsuite.nonexistent_id`: no such source. Unknown: as for a create.
[[nodiscard]] Reply transform_record(Session& session, const Json& request,
                                     const CallContext& context);

/// The field that names an existing line of a sublist: `line` for items, `doc` for apply, …
[[nodiscard]] bool has_line_key(std::string_view sublist, const Json& line);

}  // namespace carrick::connectors::netsuite
