// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/session.hpp"

#include "core/base/log.hpp"
#include "core/connectors/http/retry.hpp"
#include "core/connectors/netsuite/error_classification.hpp"
#include "core/connectors/netsuite/patience.hpp"

namespace carrick::connectors::netsuite {
namespace {

constexpr unsigned kRepetitions = 3;
constexpr unsigned kDefaultConcurrency = 4;
constexpr Milliseconds kFirstPause{1000};

bool is_write(const ApiRequest& request) {
    return request.kind == ConcurrencyBudget::Kind::Write ||
           request.kind == ConcurrencyBudget::Kind::Submit;
}

ApiOutcome failed(Error error) {
    const bool cancelled = error.code == kCancelledCode;
    return {cancelled ? ReplyStatus::Cancelled : ReplyStatus::Failed, {}, std::move(error)};
}

ConcurrencyBudget::Answer answer_of(const http::HttpResult& result, const Error& error) {
    if (!result.ok())
        return result.failure->kind == http::HttpFailureKind::Lost
                   ? ConcurrencyBudget::Answer::Good
                   : ConcurrencyBudget::Answer::None;
    return is_concurrency_refusal(error) ? ConcurrencyBudget::Answer::Refused
                                         : ConcurrencyBudget::Answer::Good;
}

}  // namespace

Reply failed_reply(const ApiOutcome& outcome) {
    return {outcome.status, {}, outcome.error};
}

Reply failed_reply(Error error) {
    return failed_reply(failed(std::move(error)));
}

Session::Session(const NetSuiteOptions& options, const Account& account,
                 std::unique_ptr<Authenticator> authenticator, http::HttpTransport& transport,
                 const Clock& clock, Random& random)
    : options_(options),
      account_(account),
      transport_(transport),
      clock_(clock),
      random_(random),
      authenticator_(std::move(authenticator)),
      budget_(options.concurrency > 0 ? options.concurrency : kDefaultConcurrency),
      breaker_(clock) {}

ApiOutcome Session::send(const ApiRequest& request, const CallContext& context) {
    bool authorized_again = false;
    Milliseconds pause = kFirstPause;
    for (unsigned repetition = 0;; ++repetition) {
        Try verdict = try_once(request, context);
        if (verdict.outcome.ok()) return std::move(verdict.outcome);
        const Error& error = verdict.outcome.error;
        // A refused login proves that nothing was carried out; one more try, then it is final.
        const bool refused_login =
            verdict.outcome.response.status == 401 || error.code == "netsuite.invalid_login";
        if (refused_login && !verdict.authorization.empty()) {
            const bool worth_it =
                authenticator_->refused(verdict.authorization, verdict.outcome.response);
            if (!worth_it || authorized_again) return std::move(verdict.outcome);
            authorized_again = true;
            continue;
        }
        const Milliseconds wait = std::max(jittered(pause, random_), error.retry_after);
        if (!verdict.repeatable || repetition >= kRepetitions ||
            !pause_for(clock_, wait, context)) {
            if (context.is_cancelled() && verdict.outcome.status == ReplyStatus::Failed)
                return failed(cancelled_error());
            return std::move(verdict.outcome);
        }
        pause *= 2;
    }
}

Session::Try Session::try_once(const ApiRequest& request, const CallContext& context) {
    if (context.is_cancelled()) return {failed(cancelled_error()), false, {}};
    if (Result<void> ready = authenticator_->prepare(context); !ready)
        return {failed(ready.error()), false, {}};
    Result<ConcurrencyBudget::Slot> slot = budget_.acquire(context, request.kind);
    if (!slot) return {failed(slot.error()), false, {}};
    if (const Milliseconds blocked = breaker_.blocked_for(); blocked.count() > 0) {
        Error error = throttled("netsuite.circuit_open",
                                "NetSuite has not been answering; it will be asked again in " +
                                    std::to_string(blocked.count() / 1000 + 1) + " s",
                                blocked);
        return {failed(std::move(error)), false, {}};
    }
    // Behind the wait for the slot: a signature's time runs from here.
    const Result<std::string> authorization =
        authenticator_->authorize(request.method, account_.rest_url(request.path), context);
    if (!authorization) return {failed(authorization.error()), false, {}};
    const http::HttpResult result = transport_.send(to_http(request, *authorization, context));
    Try verdict = judge(request, result);
    verdict.authorization = *authorization;
    slot->finish(answer_of(result, verdict.outcome.error));
    tell_breaker(verdict, result);
    return verdict;
}

http::HttpRequest Session::to_http(const ApiRequest& request, const std::string& authorization,
                                   const CallContext& context) const {
    http::HttpRequest out;
    out.method = request.method;
    out.url = account_.rest_url(request.path);
    out.headers = request.headers;
    // Never a Cookie: NetSuite would take the call for a browser's and answer INVALID_LOGIN.
    out.headers.emplace_back("Authorization", authorization);
    out.body = request.body;
    out.safe_to_repeat = !is_write(request);
    const auto patience = is_write(request) ? options_.write_timeout : options_.read_timeout;
    out.deadline = std::min(context.deadline, std::chrono::steady_clock::now() + patience);
    out.cancelled = context.cancelled;
    return out;
}

Session::Try Session::judge(const ApiRequest& request, const http::HttpResult& result) {
    using http::HttpFailureKind;
    if (result.failure) {
        const std::string cause = masked(result.failure->message);
        switch (result.failure->kind) {
            case HttpFailureKind::Cancelled: return {failed(cancelled_error()), false, {}};
            case HttpFailureKind::NotSent:
                return {failed(transient("netsuite.unreachable",
                                         "NetSuite could not be reached: " + cause)),
                        true,
                        {}};
            case HttpFailureKind::Lost:
            case HttpFailureKind::Refused:
            case HttpFailureKind::SinkFailed: break;
        }
        ApiOutcome lost =
            failed(transient("netsuite.answer_lost",
                             "the request was sent and no whole answer came back: " + cause));
        if (is_write(request)) lost.status = ReplyStatus::Unknown;
        // An answer that is too large or garbled will be so again.
        return {std::move(lost),
                !is_write(request) && result.failure->kind == HttpFailureKind::Lost,
                {}};
    }

    const http::HttpResponse& response = result.response;
    const bool page = is_web_page(response);
    if (response.status >= 200 && response.status < 300 && !page)
        return {ApiOutcome{ReplyStatus::Ok, response, {}}, false, {}};

    ApiOutcome outcome = failed(classify_response(response));
    outcome.response = response;
    const bool refused = is_concurrency_refusal(outcome.error);
    if (const auto stated = http::retry_after(response, clock_.now()))
        outcome.error.retry_after = *stated;
    // A 4xx is NetSuite's own refusal. Anything else (5xx, redirects, pages of a gateway) may hide
    // a write that took place.
    const bool may_have_acted = !refused && (response.status >= 500 || response.status < 400 ||
                                             (page && response.status != 401));
    if (is_write(request) && may_have_acted) outcome.status = ReplyStatus::Unknown;
    const bool heals = outcome.error.error_class == ErrorClass::Transient && response.status != 409;
    const bool repeatable = refused || (!is_write(request) && heals);
    if (refused)
        log::info("netsuite.concurrency_refused",
                  {{"connection", Json(options_.name)}, {"status", Json(response.status)}});
    return {std::move(outcome), repeatable, {}};
}

void Session::tell_breaker(const Try& verdict, const http::HttpResult& result) {
    if (result.failure && result.failure->kind == http::HttpFailureKind::Cancelled)
        return breaker_.abandoned();
    const std::string& code = verdict.outcome.error.code;
    // A 500 is often one record's script; an outage shows as no answer, 502 to 504 or a page.
    const bool down = code == "netsuite.unreachable" || code == "netsuite.answer_lost" ||
                      code == "netsuite.unavailable" || code == "netsuite.maintenance";
    if (down)
        breaker_.failed();
    else
        breaker_.succeeded();
}

}  // namespace carrick::connectors::netsuite
