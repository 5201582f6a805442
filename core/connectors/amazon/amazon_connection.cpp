// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/amazon_connection.hpp"

#include "core/connectors/amazon/answers.hpp"
#include "core/connectors/amazon/operations.hpp"
#include "core/connectors/amazon/quota.hpp"
#include "core/connectors/amazon/report_types.hpp"
#include "core/connectors/amazon/reports_requests.hpp"
#include "core/connectors/circuit_breaker.hpp"
#include "core/connectors/http/retry.hpp"
#include "core/connectors/http/url.hpp"
#include "core/connectors/parallel_calls.hpp"

#include <algorithm>
#include <thread>

namespace carrick::amazon {
namespace {

using connectors::CallContext;
using connectors::Reply;
using connectors::ReplyStatus;
using connectors::Request;
using Steady = std::chrono::steady_clock;

constexpr int kMostRepeats = 3;
// A call that waits for a tiny quota must not keep the threads from the other flows' calls.
constexpr std::size_t kCallsAtATime = 4;
constexpr Milliseconds kFirstPause = std::chrono::seconds(1);
constexpr Milliseconds kLongestPause = std::chrono::seconds(60);
constexpr std::chrono::seconds kAttempt{60};
constexpr std::size_t kLargestAnswer = std::size_t{64} * 1024 * 1024;
// Of a document on the wire. A report of Amazon's has no stated limit; the archive has one of ours.
constexpr std::size_t kLargestDocument = std::size_t{64} * 1024 * 1024 * 1024;

Reply failed(Error error) {
    return {ReplyStatus::Failed, {}, std::move(error)};
}

Reply cancelled(const std::string& subject) {
    return {ReplyStatus::Cancelled, {}, transient("amazon.cancelled", subject + ": cancelled")};
}

/// "20261123T100000Z"
std::string amz_date(UtcTime now) {
    std::string text = now.text().substr(0, 19);
    std::erase(text, '-');
    std::erase(text, ':');
    return text + "Z";
}

class AmazonConnection final : public connectors::Connection {
public:
    AmazonConnection(AmazonOptions options, http::HttpTransport& transport, const Clock& clock,
                     Random& random)
        : options_(std::move(options)),
          transport_(transport),
          clock_(clock),
          random_(random),
          tokens_(options_.name, options_.token_url, options_.credentials, transport, clock),
          quota_(clock),
          breaker_(clock),
          calls_(options_.parallel * kCallsAtATime) {}

    std::span<const connectors::Operation> operations() const override {
        return described_operations();
    }

    void call(std::span<const Request> requests, const CallContext& context,
              connectors::ReplyHandler& handler) override {
        calls_.run(requests, context, options_.parallel, handler,
                   [&](const Request& request) { return one(request, context); });
    }

    Result<connectors::FetchedDocument> fetch(const Request& request, const CallContext& context,
                                              DocumentSink& sink) override;

    Result<Json> schema(std::string_view, const CallContext&) override {
        return Json();  // Amazon's listings schemas come with the flows that write listings
    }
    Result<std::string> resolve_reference(std::string_view kind, std::string_view name,
                                          const CallContext& context) override;

    std::vector<connectors::BucketLevel> bucket_levels() const override { return quota_.levels(); }
    void restore_bucket_levels(std::span<const connectors::BucketLevel> levels) override {
        quota_.restore(levels);
    }

    Result<void> check(const CallContext& context) override {
        const Result<std::string> token = tokens_.get(context);
        if (!token) return token.error();
        return {};
    }

private:
    /// What one attempt led to: a reply, or an error that a repeat may cure.
    struct Attempt {
        std::optional<Reply> reply;
        Error error{};
        bool was_throttled = false;
        bool token_refused = false;
    };

    Reply one(const Request& request, const CallContext& context);
    Reply with_repeats(const ApiRequest& api, const std::string& subject,
                       const CallContext& context);
    Attempt attempt(const ApiRequest& api, const std::string& subject, const CallContext& context);
    Attempt attempt_with_quota(const ApiRequest& api, const std::string& subject,
                               const CallContext& context);
    Attempt judge(const ApiRequest& api, const std::string& subject, http::HttpResult result,
                  const std::string& token, const CallContext& context);
    /// A member of a good answer, asked for with repeats.
    Result<std::string> member_of_answer(const ApiRequest& api, const std::string& subject,
                                         const CallContext& context);
    Result<connectors::FetchedDocument> download(const std::string& url, const DocumentWish& wish,
                                                 const std::string& subject,
                                                 const CallContext& context, DocumentSink& sink);
    http::HttpRequest to_http(const ApiRequest& api, const std::string& token,
                              const CallContext& context) const;
    [[nodiscard]] bool fits(Milliseconds span, const CallContext& context) const {
        const auto now = Steady::now();
        return now < context.deadline && clock_.real_time_for(span) < context.deadline - now;
    }
    /// False where the deadline or a cancellation comes first.
    bool pause(Milliseconds span, const CallContext& context) const;

    const AmazonOptions options_;
    http::HttpTransport& transport_;
    const Clock& clock_;
    Random& random_;
    AccessTokens tokens_;
    mutable Quota quota_;
    connectors::CircuitBreaker breaker_;
    connectors::ParallelCalls calls_;  // last: its threads use all of the above
};

Reply AmazonConnection::one(const Request& request, const CallContext& context) {
    const AmazonOperation* operation = find_operation(request.operation);
    if (operation == nullptr)
        return failed(bug("amazon.operation_unknown",
                          "\"" + request.operation.substr(0, 60) +
                              "\" is no operation of an Amazon connection; `carrick operations` "
                              "lists them"));
    const Result<Json> body = Json::parse(request.body);
    if (!body)
        return failed(bug("amazon.request", request.operation + ": " + body.error().message));
    const Result<ApiRequest> api =
        operation->build(*body, {options_.name, options_.region, clock_.now()});
    if (!api) return failed(api.error());
    return with_repeats(*api, request.operation + " on " + options_.name, context);
}

Reply AmazonConnection::with_repeats(const ApiRequest& api, const std::string& subject,
                                     const CallContext& context) {
    bool token_renewed = false;
    int repeats = 0;
    for (;;) {
        Attempt made = attempt(api, subject, context);
        if (made.reply) return std::move(*made.reply);
        if (context.is_cancelled()) return cancelled(subject);
        if (made.token_refused) {
            // Only once: a new token that is refused too has another reason.
            if (token_renewed) return failed(std::move(made.error));
            token_renewed = true;
            continue;
        }
        if (repeats == kMostRepeats) return failed(std::move(made.error));
        // After 429 the emptied bucket itself makes the next attempt wait, in its turn.
        if (made.was_throttled && !fits(made.error.retry_after, context))
            return failed(std::move(made.error));
        if (!made.was_throttled &&
            !pause(std::max(made.error.retry_after,
                            http::full_jitter(random_, repeats, kFirstPause, kLongestPause)),
                   context))
            return context.is_cancelled() ? cancelled(subject) : failed(std::move(made.error));
        ++repeats;
    }
}

AmazonConnection::Attempt AmazonConnection::attempt(const ApiRequest& api,
                                                    const std::string& subject,
                                                    const CallContext& context) {
    if (const Milliseconds blocked = breaker_.blocked_for(); blocked > Milliseconds(0)) {
        Error error = throttled("amazon.circuit_open",
                                subject + ": Amazon has failed repeatedly; asked again in " +
                                    std::to_string((blocked.count() + 999) / 1000) + " s",
                                blocked);
        return {failed(std::move(error))};
    }
    return attempt_with_quota(api, subject, context);
}

AmazonConnection::Attempt AmazonConnection::attempt_with_quota(const ApiRequest& api,
                                                               const std::string& subject,
                                                               const CallContext& context) {
    if (const Result<void> allowed = quota_.take(*api.plan, context); !allowed) {
        breaker_.abandoned();
        if (context.is_cancelled()) return {cancelled(subject)};
        return {failed(allowed.error())};
    }
    // Fetched after the wait for the quota, which may outlast a token.
    const Result<std::string> token = tokens_.get(context);
    if (!token) {
        quota_.give_back(*api.plan);
        breaker_.abandoned();
        if (token.error().error_class != ErrorClass::Transient) return {failed(token.error())};
        return {std::nullopt, token.error()};
    }
    http::HttpResult result =
        transport_.send(to_http(api, api.token.empty() ? *token : api.token, context));
    return judge(api, subject, std::move(result), *token, context);
}

AmazonConnection::Attempt AmazonConnection::judge(const ApiRequest& api, const std::string& subject,
                                                  http::HttpResult result, const std::string& token,
                                                  const CallContext& context) {
    if (!result.ok()) {
        const http::HttpFailureKind kind = result.failure->kind;
        const bool unsent =
            kind == http::HttpFailureKind::NotSent || kind == http::HttpFailureKind::Cancelled;
        if (unsent) quota_.give_back(*api.plan);
        // Cancelled, or our own deadline before anything left: that says nothing about Amazon.
        if (context.is_cancelled() || (unsent && Steady::now() >= context.deadline))
            breaker_.abandoned();
        else
            breaker_.failed();
        if (!unsent && !api.repeatable)
            return {
                failed(transient("amazon.answer_lost",
                                 subject + ": no usable answer from " + result.failure->message +
                                     ", so that Amazon may or may not have acted; look before "
                                     "asking again"))};
        return {std::nullopt, transient("amazon.unavailable", subject + ": no usable answer from " +
                                                                  result.failure->message +
                                                                  "; tried again later")};
    }
    const http::HttpResponse& response = result.response;
    response.status >= 500 ? breaker_.failed() : breaker_.succeeded();
    quota_.correct(*api.plan, response.header("x-amzn-RateLimit-Limit"));
    if (response.status >= 200 && response.status <= 299) {
        if (api.result_key.empty()) return {Reply{ReplyStatus::Ok, "{}", {}}};
        const Result<Json> body = Json::parse(response.body);
        if (body && body->contains(api.result_key))
            return {Reply{ReplyStatus::Ok, std::move(result.response.body), {}}};
    }
    Error error = error_of(response, subject);
    // A restricted data token is fetched for one use; that it is refused says nothing of ours.
    if (is_token_refusal(response) && api.token.empty()) {
        tokens_.refused(token);
        return {std::nullopt, std::move(error), false, true};
    }
    if (error.error_class == ErrorClass::Throttled) {
        const Milliseconds asked =
            http::retry_after(response, clock_.now()).value_or(Milliseconds(0));
        error.retry_after = quota_.drain(*api.plan, asked);
        return {std::nullopt, std::move(error), true};
    }
    if (error.error_class == ErrorClass::Transient && !api.repeatable) return {failed(error)};
    if (error.error_class == ErrorClass::Transient) {
        error.retry_after = http::retry_after(response, clock_.now()).value_or(Milliseconds(0));
        return {std::nullopt, std::move(error)};
    }
    return {failed(std::move(error))};
}

http::HttpRequest AmazonConnection::to_http(const ApiRequest& api, const std::string& token,
                                            const CallContext& context) const {
    http::HttpRequest request;
    request.method = api.method;
    request.url = options_.base_url + api.target;
    request.body = api.body;
    request.headers = {{"x-amz-access-token", token},
                       {"x-amz-date", amz_date(clock_.now())},
                       {"User-Agent", options_.user_agent},
                       {"Accept", "application/json"}};
    if (!api.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    request.safe_to_repeat = api.repeatable;
    request.deadline = std::min(context.deadline, Steady::now() + kAttempt);
    request.cancelled = context.cancelled;
    request.max_response_bytes = kLargestAnswer;
    return request;
}

Result<std::string> AmazonConnection::member_of_answer(const ApiRequest& api,
                                                       const std::string& subject,
                                                       const CallContext& context) {
    const Reply reply = with_repeats(api, subject, context);
    if (reply.status != ReplyStatus::Ok) return reply.error;
    const Result<Json> body = Json::parse(reply.body);
    const std::string text = body ? (*body)[api.result_key].text() : std::string();
    if (text.empty())
        return transient("amazon.unavailable", subject + ": Amazon's answer has no " +
                                                   std::string(api.result_key) +
                                                   "; tried again later");
    return text;
}

Result<connectors::FetchedDocument> AmazonConnection::fetch(const Request& request,
                                                            const CallContext& context,
                                                            DocumentSink& sink) {
    if (request.operation != kOpenReport) return Connection::fetch(request, context, sink);
    const Result<Json> body = Json::parse(request.body);
    if (!body) return bug("amazon.request", request.operation + ": " + body.error().message);
    const Result<DocumentWish> wish = read_document_wish(*body);
    if (!wish) return wish.error();
    const std::string subject =
        request.operation + " of a " + wish->report_type + " on " + options_.name;
    std::string token;
    if (report_type(wish->report_type).restricted) {
        Result<std::string> made = member_of_answer(restricted_token(*wish), subject, context);
        if (!made) return made.error();
        token = *std::move(made);
    }
    const Result<std::string> url =
        member_of_answer(document_address(*wish, std::move(token)), subject, context);
    if (!url) return url.error();
    return download(*url, *wish, subject, context, sink);
}

Result<connectors::FetchedDocument> AmazonConnection::download(const std::string& url,
                                                               const DocumentWish& wish,
                                                               const std::string& subject,
                                                               const CallContext& context,
                                                               DocumentSink& sink) {
    // The address is signed: nothing of ours goes with it, least of all a token.
    http::HttpRequest request;
    request.url = url;
    request.headers = {{"User-Agent", options_.user_agent}};
    request.safe_to_repeat = true;
    request.deadline = context.deadline;
    request.cancelled = context.cancelled;
    request.max_response_bytes = kLargestDocument;
    request.sink = &sink;
    const http::HttpResult result = transport_.send(request);
    if (!result.ok()) {
        if (result.failure->sink_error) return *result.failure->sink_error;
        return transient("amazon.document_lost", subject + ": the document did not come whole (" +
                                                     result.failure->message +
                                                     "); fetched again later");
    }
    const int status = result.response.status;
    if (status == 403 || status == 404)
        return transient("amazon.document_expired",
                         subject + ": the document's address was refused (" +
                             std::to_string(status) +
                             "): it is good for five minutes; a new one is asked for");
    if (status != 200)
        return transient("amazon.document_lost", subject + ": the document's server answered " +
                                                     std::to_string(status) +
                                                     "; fetched again later");
    const ReportType type = report_type(wish.report_type);
    const Marketplace* store = marketplace_from_code(wish.marketplace);
    return connectors::FetchedDocument{
        .kind = wish.report_type,
        .name = wish.document_id,
        .declared_encoding = http::charset_of(result.response.header("Content-Type")),
        .regional_encoding =
            std::string(store != nullptr ? store->encoding : Marketplace{}.encoding),
        .personal = type.restricted,
        .keep = type.restricted ? kPersonalReportsKept : Milliseconds(0)};
}

bool AmazonConnection::pause(Milliseconds span, const CallContext& context) const {
    constexpr Milliseconds kPoll{50};
    if (!fits(span, context)) return false;
    const auto until = Steady::now() + clock_.real_time_for(span);
    while (Steady::now() < until) {
        if (context.is_cancelled()) return false;
        std::this_thread::sleep_for(std::min<Steady::duration>(kPoll, until - Steady::now()));
    }
    return !context.is_cancelled();
}

Result<std::string> AmazonConnection::resolve_reference(std::string_view kind,
                                                        std::string_view name, const CallContext&) {
    if (kind != "amazon.marketplace")
        return misconfigured("amazon.reference_kind",
                             "\"" + std::string(kind.substr(0, 40)) +
                                 "\" is no kind that an Amazon connection can look up; only "
                                 "amazon.marketplace is");
    const Marketplace* found = marketplace_from_code(name);
    if (found == nullptr) found = marketplace_from_id(name);
    if (found == nullptr) found = marketplace_from_name(name);
    if (found != nullptr && found->region == options_.region) return std::string(found->id);
    std::string known;
    for (const Marketplace& one : kMarketplaces)
        if (one.region == options_.region)
            known += (known.empty() ? "" : ", ") + std::string(one.code);
    return misconfigured("amazon.marketplace_unknown", "\"" + std::string(name.substr(0, 40)) +
                                                           "\" is no marketplace of connection " +
                                                           options_.name + "; its region has " +
                                                           known);
}

Result<void> check_options(const AmazonOptions& options) {
    const auto wrong = [&](const std::string& key, const std::string& why) {
        return misconfigured("amazon.options",
                             "connection " + options.name + ": " + key + " " + why,
                             "connections." + options.name + "." + key);
    };
    for (const auto& [key, value] : {std::pair<std::string, const std::string&>(
                                         "auth.client_id", options.credentials.client_id),
                                     {"auth.client_secret", options.credentials.client_secret},
                                     {"auth.refresh_token", options.credentials.refresh_token}})
        if (value.empty()) return wrong(key, "is empty");
    const Result<http::Url> base = http::Url::parse(options.base_url);
    if (!base) return wrong("base_url", "is " + base.error().message);
    if (!base->query.empty()) return wrong("base_url", "must have no query");
    const Result<http::Url> token = http::Url::parse(options.token_url);
    if (!token) return wrong("token_url", "is " + token.error().message);
    if (options.user_agent.empty() || options.user_agent.size() > 500)
        return wrong("user_agent", "must have 1 to 500 characters");
    return {};
}

}  // namespace

Result<std::unique_ptr<connectors::Connection>> make_amazon_connection(
    AmazonOptions options, http::HttpTransport& transport, const Clock& clock, Random& random) {
    if (options.base_url.empty())
        options.base_url = "https://" + std::string(host_of(options.region).host);
    if (options.base_url.ends_with('/')) options.base_url.pop_back();
    if (options.token_url.empty()) options.token_url = "https://api.amazon.com/auth/o2/token";
    if (const Result<void> checked = check_options(options); !checked) return checked.error();
    return std::unique_ptr<connectors::Connection>(
        std::make_unique<AmazonConnection>(std::move(options), transport, clock, random));
}

}  // namespace carrick::amazon
