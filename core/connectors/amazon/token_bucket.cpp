// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/token_bucket.hpp"

#include <algorithm>
#include <iterator>

namespace carrick::amazon {
namespace {
// An idle bucket is full after at most an hour (burst 20 at one in three minutes); a longer span
// would only risk overflow.
constexpr Milliseconds kLongestSpan = std::chrono::hours(24);

bool is_backfill(const QuotaQueue::Ticket& ticket) {
    return ticket.first == static_cast<int>(connectors::Priority::Backfill);
}
}  // namespace

TokenBucket::TokenBucket(std::int64_t micro_per_second, std::int64_t burst, Milliseconds travel,
                         UtcTime now)
    : micro_per_second_(micro_per_second),
      capacity_(burst * kToken),
      travel_(std::min(travel, kLongestSpan)),
      // Unknown at start: another process may just have emptied Amazon's bucket. One request finds
      // out; with the reserve it need not wait.
      level_(std::min(capacity_, kToken + reserve())),
      at_(now) {}

std::int64_t TokenBucket::fill_rate() const {
    return std::max<std::int64_t>(1, micro_per_second_ * 99 / 100);
}

std::int64_t TokenBucket::reserve() const {
    return std::min(micro_per_second_ * travel_.count(), (capacity_ - kToken) / 4);
}

void TokenBucket::refill(UtcTime now) {
    // A clock that was set back neither fills nor empties anything.
    const Milliseconds span = std::clamp(now - at_, Milliseconds(0), kLongestSpan);
    level_ = std::min(capacity_, level_ + fill_rate() * span.count());
    at_ = now;
}

Milliseconds TokenBucket::wait_for(std::int64_t tokens, UtcTime now) {
    refill(now);
    const std::int64_t missing = tokens * kToken + reserve() - level_;
    const Milliseconds closed = std::max(closed_until_ - now, Milliseconds(0));
    if (missing <= 0) return closed;
    return std::max(closed, Milliseconds((missing + fill_rate() - 1) / fill_rate()));
}

bool TokenBucket::take(UtcTime now) {
    if (wait_for(1, now) > Milliseconds(0)) return false;
    level_ -= kToken;
    return true;
}

void TokenBucket::give_back(UtcTime now) {
    refill(now);
    level_ = std::min(capacity_, level_ + kToken);
}

void TokenBucket::drain(Milliseconds at_least, UtcTime now) {
    refill(now);
    level_ = std::min<std::int64_t>(level_, 0);
    closed_until_ = std::max(closed_until_, now + at_least);
}

void TokenBucket::set_rate(std::int64_t micro_per_second, UtcTime now) {
    refill(now);
    micro_per_second_ = micro_per_second;
}

void TokenBucket::restore(const Decimal& tokens, UtcTime at, UtcTime now) {
    const Result<Decimal> scaled = tokens.times(Decimal(kToken));
    if (!scaled) return;
    const Result<Decimal> whole = scaled->rounded(0);
    if (!whole) return;
    const Decimal::Coefficient level = whole->coefficient();
    level_ =
        static_cast<std::int64_t>(std::clamp<Decimal::Coefficient>(level, -capacity_, capacity_));
    at_ = std::min(at, now);
    refill(now);
}

Decimal TokenBucket::tokens(UtcTime now) {
    refill(now);
    return Decimal::from_parts(level_, 9).value_or(Decimal());
}

QuotaQueue::Ticket QuotaQueue::join(connectors::Priority priority) {
    const Ticket ticket{static_cast<int>(priority), next_++};
    waiting_.insert(ticket);
    return ticket;
}

std::int64_t QuotaQueue::backfill_rate() const {
    return std::max<std::int64_t>(1, bucket_.rate() * share_ / 100);
}

void QuotaQueue::set_backfill_share(int percent, UtcTime now) {
    const int share = std::clamp(percent, 1, 100);
    if (backfill_ && share == share_) return;
    share_ = share;
    backfill_.emplace(backfill_rate(), std::max<std::int64_t>(1, bucket_.burst() * share / 100),
                      bucket_.travel(), now);
}

Milliseconds QuotaQueue::wait_for(const Ticket& ticket, UtcTime now) {
    const auto ahead = std::distance(waiting_.begin(), waiting_.find(ticket));
    const bool backfill = backfill_ && is_backfill(ticket);
    const std::int64_t others = backfill ? left_to_others() : 0;
    Milliseconds wait = bucket_.wait_for(static_cast<std::int64_t>(ahead) + 1 + others, now);
    if (backfill) wait = std::max(wait, backfill_->wait_for(1, now));
    // A token for each ahead of us is there, but they take theirs first.
    return ahead > 0 ? std::max(wait, Milliseconds(1)) : wait;
}

bool QuotaQueue::take(const Ticket& ticket, UtcTime now) {
    if (waiting_.empty() || *waiting_.begin() != ticket) return false;
    if (backfill_ && is_backfill(ticket) &&
        (wait_for(ticket, now) > Milliseconds(0) || !backfill_->take(now)))
        return false;
    if (!bucket_.take(now)) return false;
    waiting_.erase(ticket);
    return true;
}

void QuotaQueue::set_rate(std::int64_t micro_per_second, UtcTime now) {
    bucket_.set_rate(micro_per_second, now);
    if (backfill_) backfill_->set_rate(backfill_rate(), now);
}

}  // namespace carrick::amazon
