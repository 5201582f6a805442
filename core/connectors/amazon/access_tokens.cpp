// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/access_tokens.hpp"

#include "core/connectors/http/url.hpp"

#include <algorithm>
#include <array>

namespace carrick::amazon {
namespace {

using Steady = std::chrono::steady_clock;

constexpr Milliseconds kPoll{50};
constexpr std::chrono::seconds kAttempt{30};
constexpr Milliseconds kPauseAfterFailedRenewal = std::chrono::seconds(30);
constexpr std::int64_t kLongestLife = 24 * 60 * 60;

Error cancelled() {
    return transient("amazon.cancelled", "stopped while waiting for an access token");
}

}  // namespace

AccessTokens::AccessTokens(std::string connection, std::string token_url,
                           LwaCredentials credentials, http::HttpTransport& transport,
                           const Clock& clock)
    : connection_(std::move(connection)),
      token_url_(std::move(token_url)),
      credentials_(std::move(credentials)),
      transport_(transport),
      clock_(clock) {}

Result<std::string> AccessTokens::get(const connectors::CallContext& context) {
    std::unique_lock lock(mutex_);
    for (;;) {
        const UtcTime now = clock_.now();
        const bool alive = token_ && now < token_->expires_at;
        const bool due = !alive || (now >= token_->renew_at && now >= no_renewal_before_);
        if (alive && (!due || fetching_)) return token_->text;
        if (!fetching_) break;

        const std::uint64_t before = fetches_;
        while (fetches_ == before) {
            if (context.is_cancelled()) return cancelled();
            const auto real_now = Steady::now();
            if (real_now >= context.deadline)
                return transient(
                    "amazon.auth_unavailable",
                    "connection " + connection_ +
                        ": no access token by this call's deadline; tried again later");
            fetched_.wait_until(lock, std::min(context.deadline, real_now + kPoll));
        }
        // Share a failure, or each who waits would ask again in turn. One that only concerned the
        // thread that fetched (cancelled, its deadline) is not shared: last_error_ is empty then.
        if (last_error_) return *last_error_;
    }

    fetching_ = true;
    lock.unlock();
    Result<Token> token = fetch(context);
    lock.lock();
    fetching_ = false;
    ++fetches_;
    fetched_.notify_all();
    last_error_.reset();
    if (token) {
        token_ = std::move(*token);
        return token_->text;
    }
    if (token_ && clock_.now() < token_->expires_at &&
        token.error().error_class == ErrorClass::Transient) {
        no_renewal_before_ = clock_.now() + kPauseAfterFailedRenewal;
        return token_->text;
    }
    const bool ours_alone = context.is_cancelled() || Steady::now() >= context.deadline;
    if (!ours_alone) last_error_ = token.error();
    return token.error();
}

void AccessTokens::refused(const std::string& token) {
    const std::lock_guard lock(mutex_);
    if (token_ && token_->text == token) token_.reset();
}

Result<AccessTokens::Token> AccessTokens::fetch(const connectors::CallContext& context) {
    http::HttpRequest request;
    request.method = "POST";
    request.url = token_url_;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"},
                       {"Accept", "application/json"}};
    request.body = http::encode_query({{"grant_type", "refresh_token"},
                                       {"refresh_token", credentials_.refresh_token},
                                       {"client_id", credentials_.client_id},
                                       {"client_secret", credentials_.client_secret}});
    // A second token does no harm: the refresh token stays the same.
    request.safe_to_repeat = true;
    request.deadline = std::min(context.deadline, Steady::now() + kAttempt);
    request.cancelled = context.cancelled;
    request.max_response_bytes = 64 * 1024;
    const http::HttpResult result = transport_.send(request);
    if (!result.ok()) {
        if (context.is_cancelled()) return cancelled();
        return transient(
            "amazon.auth_unavailable",
            "connection " + connection_ +
                ": the token server gave no usable answer: " + result.failure->message);
    }
    return read_answer(result.response);
}

Result<AccessTokens::Token> AccessTokens::read_answer(const http::HttpResponse& response) const {
    const Result<Json> answer = Json::parse(response.body);
    if (response.status != 200 || !answer)
        return refusal(response.status, answer ? *answer : Json());
    const std::string& text = (*answer)["access_token"].text();
    const std::optional<std::int64_t> life = (*answer)["expires_in"].integer_if();
    if (text.empty() || !life || *life < 1 || *life > kLongestLife)
        return transient("amazon.auth_unavailable",
                         "connection " + connection_ +
                             ": the token server's answer has no access_token or expires_in");
    const UtcTime now = clock_.now();
    return Token{text, now + Milliseconds(*life * 900), now + Milliseconds(*life * 1000)};
}

Error AccessTokens::refusal(int status, const Json& answer) const {
    struct Known {
        std::string_view error;
        std::string_view remedy;
    };
    // Source: Login with Amazon. All but server_error and temporarily_unavailable are final.
    static constexpr std::array kFinal{
        Known{"invalid_grant",
              "the seller has revoked the authorisation or it has lapsed; authorise the "
              "application again and set auth.refresh_token"},
        Known{"invalid_client",
              "the client id or secret is wrong or has expired; set auth.client_id and "
              "auth.client_secret (a secret lives 180 days)"},
        Known{"unauthorized_client",
              "the application may not use refresh tokens; see auth.client_id"},
        Known{"invalid_request", "a part of auth is empty or malformed"},
        Known{"invalid_scope", "a part of auth is malformed"},
        Known{"unsupported_grant_type", "token_url is not Login with Amazon's"},
        Known{"access_denied", "the application was denied access; authorise it again"},
    };
    const std::string& error = answer["error"].text();
    for (const Known& known : kFinal)
        if (known.error == error && status >= 400 && status < 500)
            return misconfigured("amazon.auth." + error,
                                 "connection " + connection_ + ": Login with Amazon answered " +
                                     error + ": " + std::string(known.remedy),
                                 "connections." + connection_ + ".auth");
    return transient("amazon.auth_unavailable", "connection " + connection_ +
                                                    ": Login with Amazon answered HTTP " +
                                                    std::to_string(status) + "; tried again later");
}

}  // namespace carrick::amazon
