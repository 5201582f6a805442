// SPDX-License-Identifier: Apache-2.0
#include "core/engine/store_outage.hpp"

#include "core/base/log.hpp"

#include <algorithm>

namespace carrick::engine {

namespace {

constexpr Milliseconds kFirstPause{1'000};
constexpr Milliseconds kLongestPause{60'000};

}  // namespace

void StoreOutage::begin(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (error_) return;  // a call that began before the outage ends in it
    error_ = error;
    began_at_ = clock_.now();
    // A store that fails again at once was not well in between: the pauses go on growing, or a
    // nearly full disk would be tried, and told of, every second.
    if (ended_at_ == UtcTime() || began_at_ - ended_at_ > kLongestPause) tries_ = 0;
    pause();
    log::error("store takes nothing, all flows pause",
               {{"code", Json(error.code)}, {"message", Json(error.message)}});
}

void StoreOutage::pause() {
    Milliseconds span = kFirstPause;
    for (int i = 0; i < tries_ && span < kLongestPause; ++i) span *= 2;
    ++tries_;
    next_try_ = clock_.now() + std::min(span, kLongestPause);
}

bool StoreOutage::passes() {
    {
        const std::lock_guard lock(mutex_);
        if (!error_) return true;
        if (trying_ || clock_.now() < next_try_) return false;
        trying_ = true;
    }
    const Result<void> written = store_.try_write();
    const std::lock_guard lock(mutex_);
    trying_ = false;
    if (!written) {
        // The cause may change while it lasts: a disk that fails is mounted read-only after a
        // while.
        if (error_->code != written.error().code)
            log::error(
                "store takes nothing, for another reason",
                {{"code", Json(written.error().code)}, {"message", Json(written.error().message)}});
        error_ = written.error();
        pause();
        return false;
    }
    error_.reset();
    ended_at_ = clock_.now();
    // As loud as the outage was: who read the one must not wait for the other.
    log::warning("store takes commits again, all flows go on",
                 {{"seconds", Json((ended_at_ - began_at_).count() / 1'000)}});
    return true;
}

std::optional<UtcTime> StoreOutage::next_try() const {
    const std::lock_guard lock(mutex_);
    if (!error_) return std::nullopt;
    return trying_ ? clock_.now() + kFirstPause : next_try_;
}

std::optional<Error> StoreOutage::error() const {
    const std::lock_guard lock(mutex_);
    return error_;
}

}  // namespace carrick::engine
