// SPDX-License-Identifier: Apache-2.0
// The connection to one Amazon seller account in one region.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/amazon/access_tokens.hpp"
#include "core/connectors/amazon/regions.hpp"
#include "core/connectors/connection.hpp"
#include "core/connectors/http/http_transport.hpp"

#include <memory>

namespace carrick::amazon {

struct AmazonOptions {
    std::string name;  ///< of the connection in flows.yaml, for messages: "seller-eu"
    Region region = Region::NorthAmerica;
    LwaCredentials credentials;
    /// Where SP-API and Login with Amazon are; empty: Amazon's own.
    std::string base_url;
    std::string token_url;
    /// Mandatory for Amazon, at most 500 characters.
    std::string user_agent = "Carrick/0.1 (Language=C++/20;Platform=Linux)";
    /// Requests of one call under way at a time.
    std::size_t parallel = 4;
};

/// Reads are repeated at most three times inside the call's deadline: after 429 as soon as the
/// quota allows, after 5xx or a network failure with full jitter; after a 403 that says the token
/// is expired or revoked, once, with a new one. Answers are Amazon's JSON, unchanged.
///
/// After five failures in a row (5xx or no answer) a circuit breaker answers Transient
/// `amazon.circuit_open` with retry_after, and lets one probe through at a time.
///
/// `transport`, `clock` and `random` must outlive the connection; so must every call.
/// Errors   Misconfigured `amazon.options`  an address is no address, or a credential is missing.
[[nodiscard]] Result<std::unique_ptr<connectors::Connection>> make_amazon_connection(
    AmazonOptions options, http::HttpTransport& transport, const Clock& clock, Random& random);

}  // namespace carrick::amazon
