// SPDX-License-Identifier: Apache-2.0
// TokenBucket and its queue: one SP-API operation's quota, without threads or a clock of its own.
#pragma once

#include "core/connectors/connection.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace carrick::amazon {

/// A token bucket in whole numbers. Levels are in billionths of a token, because a rate in
/// millionths of a token a second times a span in milliseconds is exactly that: nothing is rounded.
///
/// It stays a little inside Amazon's own bucket, so that no request is ever refused in steady
/// state: it fills at 99 % of the rate (Amazon's 0.0056 may be a rounded 1/180), and keeps a small
/// reserve for requests that travel at different speed (two that left in time may arrive closer
/// together).
class TokenBucket {
public:
    static constexpr std::int64_t kToken = 1'000'000'000;

    /// `travel`: how much later one request may arrive than another that left with it.
    TokenBucket(std::int64_t micro_per_second, std::int64_t burst, Milliseconds travel,
                UtcTime now);

    /// How long until `tokens` may be taken; 0 = now.
    [[nodiscard]] Milliseconds wait_for(std::int64_t tokens, UtcTime now);
    /// Takes one token; false when there is none.
    [[nodiscard]] bool take(UtcTime now);
    /// A token that was taken and not used.
    void give_back(UtcTime now);
    /// Amazon refused a request: the bucket there is empty, and stays so for `at_least`.
    void drain(Milliseconds at_least, UtcTime now);
    /// Amazon's x-amzn-RateLimit-Limit.
    void set_rate(std::int64_t micro_per_second, UtcTime now);
    [[nodiscard]] std::int64_t rate() const { return micro_per_second_; }
    [[nodiscard]] std::int64_t burst() const { return capacity_ / kToken; }
    [[nodiscard]] Milliseconds travel() const { return travel_; }

    /// Of an earlier process; what has flowed in since then is added.
    void restore(const Decimal& tokens, UtcTime at, UtcTime now);
    [[nodiscard]] Decimal tokens(UtcTime now);

private:
    void refill(UtcTime now);
    [[nodiscard]] std::int64_t fill_rate() const;
    [[nodiscard]] std::int64_t reserve() const;

    std::int64_t micro_per_second_;
    std::int64_t capacity_;
    Milliseconds travel_;
    std::int64_t level_;
    UtcTime at_;
    UtcTime closed_until_;
};

/// Who takes the next token: the lower Priority, and among equals who came first.
///
/// Priority alone would not keep a backfill behind a poll: who finds no token does not stand here
/// and wait, but comes back minutes later, and finds what the backfill has left. So work of
/// priority Backfill leaves a quarter of the burst to the others at any time, and gets its tokens
/// at its share of the rate besides.
class QuotaQueue {
public:
    using Ticket = std::pair<int, std::uint64_t>;

    explicit QuotaQueue(const TokenBucket& bucket) : bucket_(bucket) {}

    [[nodiscard]] Ticket join(connectors::Priority priority);
    /// Of the rate, in percent: how much of it is for priority Backfill from here on.
    void set_backfill_share(int percent, UtcTime now);
    void leave(const Ticket& ticket) { waiting_.erase(ticket); }
    /// How long until it is this ticket's turn, if nobody more urgent comes; 0 = now.
    [[nodiscard]] Milliseconds wait_for(const Ticket& ticket, UtcTime now);
    /// Takes the token if it is this ticket's turn, and then leaves the queue.
    [[nodiscard]] bool take(const Ticket& ticket, UtcTime now);
    /// Amazon's x-amzn-RateLimit-Limit; the share keeps its part of it.
    void set_rate(std::int64_t micro_per_second, UtcTime now);
    [[nodiscard]] TokenBucket& bucket() { return bucket_; }

private:
    [[nodiscard]] std::int64_t left_to_others() const { return bucket_.burst() / 4; }
    [[nodiscard]] std::int64_t backfill_rate() const;

    TokenBucket bucket_;
    int share_ = 100;
    std::optional<TokenBucket> backfill_;  // made by the first backfill
    std::set<Ticket> waiting_;
    std::uint64_t next_ = 0;
};

}  // namespace carrick::amazon
