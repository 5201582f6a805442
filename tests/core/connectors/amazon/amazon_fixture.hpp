// SPDX-License-Identifier: Apache-2.0
// A seller account in a test: an Amazon that answers as told, and a clock that moves when told.
#pragma once

#include "core/connectors/amazon/amazon_connection.hpp"
#include "tests/support/fake_transport.hpp"
#include "tests/support/virtual_clock.hpp"

#include <memory>
#include <string>

namespace carrick::testing {

/// Stands still like VirtualClock, but a wait on it lasts a hundred thousand times as long as it
/// says: a millisecond is beyond a deadline of twenty seconds, which is generous to a busy machine.
class StandingClock final : public Clock {
public:
    [[nodiscard]] UtcTime now() const override { return clock_.now(); }
    [[nodiscard]] Milliseconds real_time_for(Milliseconds span) const override {
        return span * 100'000;
    }
    void advance(Milliseconds span) { clock_.advance(span); }

private:
    VirtualClock clock_;
};

inline constexpr std::string_view kTokenAnswer =
    R"({"access_token":"Atza|one","token_type":"bearer","expires_in":3600})";

inline bool is_token_request(const http::HttpRequest& request) {
    return request.url == "https://api.amazon.com/auth/o2/token";
}

inline amazon::AmazonOptions seller_na() {
    amazon::AmazonOptions options;
    options.name = "seller-na";
    options.region = amazon::Region::NorthAmerica;
    options.credentials = {"client-1", "secret-1", "Atzr|refresh-1"};
    return options;
}

/// A connection whose SP-API requests go to `sp_api` and whose token requests succeed.
template <class AnyClock = VirtualClock>
struct SellerAccount {
    explicit SellerAccount(FakeTransport::Handler sp_api,
                           amazon::AmazonOptions options = seller_na())
        : network([sp_api = std::move(sp_api)](const http::HttpRequest& request) {
              return is_token_request(request) ? respond(200, std::string(kTokenAnswer))
                                               : sp_api(request);
          }),
          connection(
              amazon::make_amazon_connection(std::move(options), network, clock, random).value()) {}

    connectors::Reply call(
        const std::string& operation, const std::string& body,
        const connectors::CallContext& context = within(std::chrono::seconds(20))) {
        return connectors::call_one(*connection, {operation, body}, context);
    }
    static connectors::CallContext within(std::chrono::milliseconds span) {
        connectors::CallContext context;
        context.deadline = std::chrono::steady_clock::now() + span;
        return context;
    }
    /// Requests to SP-API, without those for tokens.
    [[nodiscard]] std::size_t asked() const { return network.count("sellingpartnerapi"); }

    AnyClock clock;
    SeededRandom random{1};
    FakeTransport network;
    std::unique_ptr<connectors::Connection> connection;
};

inline constexpr const char* kGetOrder = R"({"order_id":"111-2222222-3333333"})";
inline constexpr const char* kOrderAnswer = R"({"order":{"orderId":"111-2222222-3333333"}})";

inline http::HttpResult amazon_error(int status, const std::string& message,
                                     const std::string& details = {}) {
    return respond(status, R"({"errors":[{"code":"Code","message":")" + message +
                               R"(","details":")" + details + R"("}]})");
}

}  // namespace carrick::testing
