// SPDX-License-Identifier: Apache-2.0
// The sandbox's NetSuite: one account behind OAuth, records, SuiteQL and metadata.
#pragma once

#include "examples/sandbox/netsuite/keys.hpp"
#include "examples/sandbox/netsuite_view.hpp"

#include <memory>
#include <string>
#include <vector>

namespace carrick::sandbox {

namespace netsuite {

/// What administrators of the demo account have set up; flows.yaml of the quickstart names these.
inline constexpr const char* kClientId = "carrick-sandbox-client";
inline constexpr const char* kRsaCertificateId = "carrick-sandbox-rsa";
inline constexpr const char* kEcCertificateId = "carrick-sandbox-ec";
/// Token-based authentication of the demo account.
inline constexpr const char* kAccountId = "1234567_SB1";
inline constexpr const char* kConsumerKey = "carrick-sandbox-consumer";
inline constexpr const char* kConsumerSecret = "carrick-sandbox-consumer-not-a-secret";
inline constexpr const char* kTokenId = "carrick-sandbox-token";
inline constexpr const char* kTokenSecret = "carrick-sandbox-token-not-a-secret";

}  // namespace netsuite

struct NetSuiteOptions {
    /// Directory with netsuite_rsa.crt and netsuite_ec.crt (see netsuite::write_demo_keys), made
    /// when they are missing. Empty: keys in memory only, so only `certificates` admit anybody.
    std::string keys_directory;
    struct Certificate {
        std::string id;
        std::string client_id;
        std::string pem;
    };
    std::vector<Certificate> certificates;
    /// Custom fields beyond those of the demo account: script id and a kind letter as in
    /// record_types.hpp ("custbody_x", "t").
    std::vector<std::pair<std::string, std::string>> custom_fields;
    /// Tests that are not about OAuth may call without a token.
    bool require_token = true;
};

/// What the sandbox's own hands can do, beside the REST door.
class NetSuiteAccount : public NetSuiteService {
public:
    /// A person ships goods of a sales order's line: raises quantityFulfilled. Errors:
    /// `sandbox.netsuite` for an unknown order or line.
    [[nodiscard]] virtual Result<void> fulfil(const std::string& order_id, std::int64_t line,
                                              std::int64_t quantity) = 0;
    /// Creates under an external id that took effect, and those refused as duplicates.
    [[nodiscard]] virtual std::int64_t creates_of(std::string_view external_id) const = 0;
    [[nodiscard]] virtual std::int64_t duplicates_of(std::string_view external_id) const = 0;
};

/// Seeds the account from the environment's world. Declares the switches "netsuite.*".
[[nodiscard]] std::unique_ptr<NetSuiteAccount> make_netsuite_service(const Environment& environment,
                                                                     NetSuiteOptions options = {});

}  // namespace carrick::sandbox
