// SPDX-License-Identifier: Apache-2.0
// What an answer of SP-API means: which class of error, what a person should do.
#pragma once

#include "core/connectors/http/http_transport.hpp"

#include <string>
#include <string_view>

namespace carrick::amazon {

/// For an answer that is not the one hoped for. `subject` names operation and connection.
/// Errors   Transient `amazon.unavailable`  408 and 5xx, or a 200 that is not what was asked for;
///          Throttled `amazon.throttled`  429; Rejected `amazon.invalid_input`  400;
///          `amazon.not_found`  404; `amazon.conflict`  409; Misconfigured `amazon.unauthorized`
///          401 and 403; `amazon.redirected`  3xx; Bug `amazon.request_shape`  the rest of 4xx.
[[nodiscard]] Error error_of(const http::HttpResponse& response, const std::string& subject);

/// A 403 that a new access token cures: expired, or revoked and malformed.
[[nodiscard]] bool is_token_refusal(const http::HttpResponse& response);

/// Amazon's own words without what must not be logged: e-mail addresses, tokens, anything long and
/// opaque; at most 300 characters.
[[nodiscard]] std::string redacted(std::string_view text);

}  // namespace carrick::amazon
