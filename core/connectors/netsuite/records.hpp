// SPDX-License-Identifier: Apache-2.0
// Records: create, get, upsert and patch over the REST record API, so that no repeat and no retry
// ever doubles a record or a line.
#pragma once

#include "core/connectors/netsuite/session.hpp"

#include <carrick/sdk/json.hpp>

namespace carrick::connectors::netsuite {

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

/// The field that names an existing line of a sublist: `line` for items, `doc` for apply, …
[[nodiscard]] bool has_line_key(std::string_view sublist, const Json& line);

}  // namespace carrick::connectors::netsuite
