// SPDX-License-Identifier: Apache-2.0
// What a NetSuite answer that is not a success means: its class, a stable code, and a message that
// keeps NetSuite's own words. One table; classification is by fragments of text where NetSuite
// has only one code (USER_ERROR) for many causes.
#pragma once

#include "core/connectors/http/http_transport.hpp"

#include <carrick/sdk/json.hpp>

#include <string>
#include <string_view>

namespace carrick::connectors::netsuite {

/// Classifies a response of the record, query, metadata or system services. Not for the token
/// endpoint, which has errors of its own (see token_source.hpp).
/// Returns
///   code     `netsuite.` + duplicate, concurrency_limit, maintenance, unavailable,
///            unexpected_error, invalid_login, insufficient_permission, feature_disabled,
///            token_rejected, signature_invalid, nonce_used, permission_denied, timestamp_refused,
///            period_closed, period_locked, not_transformable, no_lines, record_locked,
///            record_changed, subsidiary_mismatch, inactive_record, too_long, too_large,
///            unknown_field, unknown_record_type, nonexistent_<field>, invalid_<field>,
///            missing_<field>, nonexistent_id, suiteql_unknown_name, suiteql, invalid_request,
///            user_error, …; any other NetSuite code in lower case.
///   field    `o:errorPath`, or the field that the text names.
///   message  HTTP status and every detail verbatim, secrets and e-mail addresses masked, and the
///            way out where there is a usual one.
/// A 401 is `Misconfigured`: the session tries a new token before anyone sees it.
[[nodiscard]] Error classify_response(const http::HttpResponse& response);

/// The word with which a 401 to a signed request says why: `error="…"` of a WWW-Authenticate header
/// of the scheme OAuth; "" where there is none. Known are token_rejected, signature_invalid,
/// nonce_used, permission_denied, timestamp_refused; classify_response has a code for each.
[[nodiscard]] std::string tba_refusal(const http::HttpResponse& response);

/// True for refusals that prove that nothing was carried out and that a moment later it may be:
/// the concurrency limit, whatever status it comes with.
[[nodiscard]] bool is_concurrency_refusal(const Error& error);

/// True where a body cannot be one of NetSuite's REST services: the HTML of a gateway or of a
/// maintenance page.
[[nodiscard]] bool is_web_page(const http::HttpResponse& response);

/// Text that came from outside, fit for a log: values that look like secrets (after `token=`,
/// `password:`, `Bearer`, JSON Web Tokens, long random words) and e-mail addresses are replaced by
/// `***`; control characters become blanks; at most 1000 bytes.
[[nodiscard]] std::string masked(std::string_view text);

/// "item.items[0].item" -> "item"; "shippingAddress" -> "shipping_address"; "" where there is none.
[[nodiscard]] std::string field_word(std::string_view path);

}  // namespace carrick::connectors::netsuite
