// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/token_source.hpp"

#include "core/base/log.hpp"
#include "core/connectors/http/retry.hpp"
#include "core/connectors/netsuite/error_classification.hpp"
#include "core/connectors/netsuite/patience.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace carrick::connectors::netsuite {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kBearer = "Bearer ";
constexpr unsigned kRepetitions = 3;
constexpr Milliseconds kFirstPause{500};
// An assertion may live just under an hour; NetSuite refuses 3600 seconds.
constexpr Milliseconds kAssertionLife = minutes(55);
constexpr Milliseconds kRenewBefore = minutes(10);
constexpr Milliseconds kRefusalKept = seconds(30);
constexpr Milliseconds kRequestTimeout = seconds(30);
// Smaller differences are the network's, and NetSuite forgives them.
constexpr Milliseconds kSkewWorthNoting = seconds(5);

struct TokenRule {
    std::string_view error;
    ErrorClass error_class;
    std::string_view code;
    std::string_view way_out;
};
constexpr std::array kTokenRules{
    TokenRule{"invalid_client", ErrorClass::Misconfigured, "netsuite.invalid_client",
              "check client_id, certificate_id and that the private key is the certificate's; the "
              "certificate may be expired or revoked, the user or role inactive (the Login Audit "
              "Trail names the reason)"},
    TokenRule{"invalid_grant", ErrorClass::Misconfigured, "netsuite.invalid_grant",
              "check this machine's clock, the account id and token_url, and that the scopes are "
              "ticked on the integration record"},
    TokenRule{"unauthorized_client", ErrorClass::Misconfigured, "netsuite.unauthorized_client",
              "tick \"Client Credentials (Machine to Machine) Grant\" on the integration record"},
    TokenRule{"unsupported_grant_type", ErrorClass::Misconfigured, "netsuite.unauthorized_client",
              "tick \"Client Credentials (Machine to Machine) Grant\" on the integration record"},
    TokenRule{"invalid_scope", ErrorClass::Misconfigured, "netsuite.invalid_scope",
              "tick the scopes on the integration record"},
    TokenRule{"invalid_request", ErrorClass::Bug, "netsuite.token_request",
              "NetSuite does not understand the token request"},
};

Error classify_token_answer(const http::HttpResponse& response) {
    const std::string status = std::to_string(response.status);
    if (response.status == 429)
        return throttled("netsuite.token_throttled",
                         "the token endpoint answered 429; it will be asked again", seconds(5));
    if (response.status >= 500 || is_web_page(response))
        return transient("netsuite.token_unavailable",
                         "the token endpoint answered " + status + "; it will be asked again");
    const std::string error = Json::parse(response.body).value_or(Json())["error"].text();
    for (const TokenRule& rule : kTokenRules)
        if (error == rule.error)
            return {rule.error_class, std::string(rule.code),
                    "the token endpoint answered " + status + " " + error + ": " +
                        std::string(rule.way_out)};
    if (response.status == 401 || response.status == 403)
        return misconfigured("netsuite.invalid_client",
                             "the token endpoint answered " + status + "; check the credentials");
    return misconfigured("netsuite.token_refused",
                         "the token endpoint answered " + status + " " + masked(error) +
                             "; check account, token_url and the integration record");
}

}  // namespace

/// One exchange with the token endpoint.
struct TokenSource::Attempt {
    Result<std::string> token = Error{};
    bool clock_may_be_wrong = false;
    bool worth_repeating = false;
};

TokenSource::TokenSource(const NetSuiteOptions& options, const Account& account, JwtSigner signer,
                         http::HttpTransport& transport, const Clock& clock, Random& random)
    : options_(options),
      account_(account),
      signer_(std::move(signer)),
      transport_(transport),
      clock_(clock),
      random_(random) {}

Result<std::string> TokenSource::token(const CallContext& context) {
    constexpr Milliseconds kGlance{50};
    std::unique_lock lock(mutex_);
    for (;;) {
        const UtcTime now = clock_.now();
        if (!token_.empty() && (now < renew_at_ || (fetching_ && now < expires_at_))) return token_;
        if (refusal_ && now < refusal_until_) return *refusal_;
        if (context.is_cancelled()) return cancelled_error();
        if (!fetching_) break;
        if (std::chrono::steady_clock::now() >= context.deadline)
            return throttled("netsuite.token_throttled",
                             "no access token came before the call's deadline", seconds(1));
        fetched_.wait_for(lock, kGlance);
    }
    fetching_ = true;
    refusal_.reset();
    lock.unlock();
    Result<std::string> fetched = fetch(context);
    lock.lock();
    fetching_ = false;
    if (!fetched && fetched.error().error_class == ErrorClass::Misconfigured) {
        refusal_ = fetched.error();
        refusal_until_ = clock_.now() + kRefusalKept;
    }
    // A renewal that failed for the moment hurts nobody while the old token is good.
    const bool old_is_good = !token_.empty() && clock_.now() < expires_at_;
    lock.unlock();
    fetched_.notify_all();
    if (!fetched && old_is_good && fetched.error().error_class != ErrorClass::Misconfigured) {
        const std::lock_guard again(mutex_);
        return token_;
    }
    return fetched;
}

Result<std::string> TokenSource::fetch(const CallContext& context) {
    bool signed_again = false;
    Milliseconds pause = kFirstPause;
    for (unsigned repetition = 0;; ++repetition) {
        Attempt answer = attempt(context);
        if (answer.token) return std::move(answer.token);
        if (answer.clock_may_be_wrong && !signed_again) {
            signed_again = true;  // with the skew that the answer's Date header just taught us
            continue;
        }
        if (!answer.worth_repeating || repetition >= kRepetitions ||
            !pause_for(clock_, jittered(pause, random_), context))
            return answer.token;
        pause *= 2;
    }
}

TokenSource::Attempt TokenSource::attempt(const CallContext& context) {
    Result<std::string> jwt = assertion();
    if (!jwt) return {jwt.error(), false, false};
    http::HttpRequest request;
    request.method = "POST";
    request.url = account_.token_url;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"}};
    request.body =
        "grant_type=client_credentials&client_assertion_type="
        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" +
        *jwt;
    request.safe_to_repeat = true;  // a second token harms nobody
    request.deadline =
        std::min(context.deadline, std::chrono::steady_clock::now() + kRequestTimeout);
    request.cancelled = context.cancelled;
    request.max_response_bytes = std::size_t{1024} * 1024;
    const http::HttpResult result = transport_.send(request);
    if (result.failure) {
        if (result.failure->kind == http::HttpFailureKind::Cancelled)
            return {cancelled_error(), false, false};
        return {transient("netsuite.token_unavailable",
                          "no answer from the token endpoint: " + masked(result.failure->message)),
                false, true};
    }
    learn_skew(result.response);
    if (result.response.status == 200 && !is_web_page(result.response))
        return {keep(result.response), false, false};
    Error error = classify_token_answer(result.response);
    const bool clock = error.code == "netsuite.invalid_grant";
    const bool again =
        error.error_class == ErrorClass::Transient || error.error_class == ErrorClass::Throttled;
    log::warning("netsuite.token_refused",
                 {{"connection", Json(options_.name)}, {"code", Json(error.code)}});
    return {std::move(error), clock, again};
}

Result<std::string> TokenSource::assertion() const {
    const UtcTime issued = clock_.now() + skew();
    const std::int64_t issued_at = issued.milliseconds() / 1000;
    Json scope = Json::array();
    for (const std::string& name : options_.scopes) scope.push_back(Json(name));
    const Json claims =
        Json::object({{"iss", Json(options_.client_id)},
                      {"scope", std::move(scope)},
                      {"aud", Json(account_.token_url)},
                      {"iat", Json(issued_at)},
                      {"exp", Json(issued_at + std::int64_t{kAssertionLife.count() / 1000})}});
    return signer_.sign(options_.certificate_id, claims);
}

Result<std::string> TokenSource::keep(const http::HttpResponse& response) {
    const Json body = Json::parse(response.body).value_or(Json());
    const std::string token = body["access_token"].text();
    if (token.empty())
        return transient("netsuite.token_unavailable",
                         "the token endpoint answered 200 without an access_token");
    // NetSuite sends the number as text: "3600".
    const std::string life_text =
        body["expires_in"].is_string()
            ? body["expires_in"].text()
            : (body["expires_in"].number_if() != nullptr ? *body["expires_in"].number_if()
                                                         : std::string());
    std::int64_t life = 3600;
    std::int64_t stated = 0;
    const auto [end, failed] =
        std::from_chars(life_text.data(), life_text.data() + life_text.size(), stated);
    if (failed == std::errc() && end == life_text.data() + life_text.size() && stated > 0 &&
        stated <= 86400)
        life = stated;
    const Milliseconds whole{life * 1000};
    const std::lock_guard lock(mutex_);
    token_ = token;
    expires_at_ = clock_.now() + whole;
    renew_at_ = whole > 2 * kRenewBefore ? expires_at_ - kRenewBefore : expires_at_ - whole / 2;
    return token_;
}

Result<void> TokenSource::prepare(const CallContext& context) {
    const Result<std::string> bearer = token(context);
    if (!bearer) return bearer.error();
    return {};
}

Result<std::string> TokenSource::authorize(std::string_view, std::string_view,
                                           const CallContext& context) {
    Result<std::string> bearer = token(context);
    if (!bearer) return bearer;
    return std::string(kBearer) + *bearer;
}

bool TokenSource::refused(const std::string& authorization, const http::HttpResponse&) {
    refuse(authorization.substr(std::min(kBearer.size(), authorization.size())));
    return true;
}

void TokenSource::refuse(const std::string& token) {
    const std::lock_guard lock(mutex_);
    if (token_ == token) token_.clear();
}

void TokenSource::learn_skew(const http::HttpResponse& response) {
    const std::optional<UtcTime> theirs = http::parse_http_date(response.header("Date"));
    if (!theirs) return;
    set_skew(*theirs - clock_.now());
}

void TokenSource::set_skew(Milliseconds skew) {
    const std::lock_guard lock(mutex_);
    const bool small = skew < kSkewWorthNoting && skew > -kSkewWorthNoting;
    skew_ = small ? Milliseconds(0) : skew;
}

Milliseconds TokenSource::skew() const {
    const std::lock_guard lock(mutex_);
    return skew_;
}

}  // namespace carrick::connectors::netsuite
