// SPDX-License-Identifier: Apache-2.0
#include "core/app/following_clock.hpp"

#include <carrick/sdk/json.hpp>

namespace carrick::app {

namespace {

constexpr std::chrono::milliseconds kBetweenReadings{1000};
constexpr std::chrono::milliseconds kPatience{5000};

}  // namespace

FollowingClock::FollowingClock(http::HttpTransport& transport, std::string url)
    : transport_(transport), url_(std::move(url)), base_real_(Steady::now()) {}

FollowingClock::~FollowingClock() {
    stopping_ = true;
    if (follower_.joinable()) follower_.join();
}

Result<void> FollowingClock::start() {
    if (Result<void> first = read(); !first) return first;
    follower_ = std::thread([this] { follow(); });
    return {};
}

Result<void> FollowingClock::read() {
    http::HttpRequest request;
    request.url = url_;
    request.safe_to_repeat = true;
    request.deadline = Steady::now() + kPatience;
    const http::HttpResult result = transport_.send(request);
    if (!result.ok() || result.response.status != 200)
        return misconfigured("clock.sandbox", "--test-clock sandbox: no sandbox answers at " +
                                                  url_ + "; start carrick-sandbox first");
    const Result<Json> body = Json::parse(result.response.body);
    const Result<UtcTime> now = UtcTime::parse(body ? (*body)["now"].text() : std::string());
    if (!now)
        return misconfigured("clock.sandbox",
                             "--test-clock sandbox: " + url_ + " is no sandbox's clock");
    const std::lock_guard lock(mutex_);
    base_ = *now;
    base_real_ = Steady::now();
    speed_percent_ = (*body)["speed_percent"].integer_if().value_or(100);
    return {};
}

void FollowingClock::follow() {
    auto next = Steady::now() + kBetweenReadings;
    while (!stopping_) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (Steady::now() < next) continue;
        // A sandbox that is restarting is no reason to stop: the clock runs on at its last speed.
        (void)read().ok();
        next = Steady::now() + kBetweenReadings;
    }
}

UtcTime FollowingClock::now() const {
    const std::lock_guard lock(mutex_);
    const auto passed =
        std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - base_real_);
    const UtcTime reading = base_ + Milliseconds(passed.count() * speed_percent_ / 100'000);
    if (reading > latest_) latest_ = reading;
    return latest_;
}

Milliseconds FollowingClock::real_time_for(Milliseconds span) const {
    if (span.count() <= 0) return Milliseconds(0);
    const std::lock_guard lock(mutex_);
    // A clock that stands still is looked at again soon.
    if (speed_percent_ <= 0) return kBetweenReadings;
    return Milliseconds(span.count() * 100 / speed_percent_ + 1);
}

}  // namespace carrick::app
