// SPDX-License-Identifier: Apache-2.0
// How fast the SQLite store commits. Not a test: it prints figures, in a folder given as argument
// (default: the system's temporary one). The disk decides much; say which one with the figures.
#include "core/store/sqlite/sqlite_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

namespace {

using namespace carrick;
using namespace carrick::store;
using SteadyClock = std::chrono::steady_clock;

template <class T>
T must(Result<T> result) {
    if (result) return std::move(result).value();
    std::fprintf(stderr, "%s: %s\n", result.error().code.c_str(), result.error().message.c_str());
    std::exit(1);
}

class Bench {
public:
    explicit Bench(const std::filesystem::path& folder) : file_(folder / "bench.db") {
        SqliteOptions options;
        options.path = file_;
        store_ = must(open_sqlite_store(options));
        producer_ = must(store_->load_instance({"orders", "NA1", "US"})).number;
        consumer_ = must(store_->load_instance({"sales", "NA1", "US"})).number;
        must(store_->subscribe(consumer_, producer_, false));
    }

    /// Producer appends pages; the consumer reads each and settles it.
    void append_and_settle(std::size_t pages, std::size_t page, std::size_t body) {
        std::vector<Record> records = make_records(page, body);
        report("append, read, settle", pages, page, body, [&](std::size_t) {
            commit(producer_, [&](Commit& change) { change.append = records; });
            settle(page, false);
        });
    }

    /// The consumer's half with a ledger entry for each record.
    void settle_with_ledger(std::size_t pages, std::size_t page, bool fresh_keys) {
        report(fresh_keys ? "ledger insert" : "ledger update", pages, page, 0, [&](std::size_t) {
            commit(consumer_, [&](Commit& change) {
                for (std::size_t i = 0; i < page; ++i)
                    change.ledger.push_back(entry(fresh_keys ? next_key_++ : random() % next_key_));
            });
        });
    }

    /// Everything a sales order flow does for a page: append, read, settle, ledger, links.
    void whole_page(std::size_t pages, std::size_t page, std::size_t body) {
        std::vector<Record> records = make_records(page, body);
        report("append, read, settle + ledger + link", pages, page, body, [&](std::size_t) {
            commit(producer_, [&](Commit& change) { change.append = records; });
            settle(page, true);
        });
    }

    void open_and_settle(std::size_t pages, std::size_t page) {
        std::vector<Record> records = make_records(page, 300);
        report("append, open waiting, settle open", pages, page, 300, [&](std::size_t) {
            commit(producer_, [&](Commit& change) { change.append = records; });
            auto read = must(store_->read_channel(producer_, seen_, page));
            commit(consumer_, [&](Commit& change) {
                for (StoredRecord& stored : read) {
                    OpenRecord open;
                    open.channel = producer_;
                    open.seq = stored.seq;
                    open.record = std::move(stored.record);
                    open.record.body.clear();
                    open.state = OpenState::Waiting;
                    open.awaited_link = "amazon_order.invoice:" + open.record.key;
                    change.open_put.push_back(std::move(open));
                }
                seen_ += static_cast<Seq>(page);
                change.cursors = {{producer_, seen_}};
            });
            commit(consumer_, [&](Commit& change) {
                for (std::size_t i = 0; i < page; ++i)
                    change.open_settled.push_back({producer_, seen_ - static_cast<Seq>(i)});
            });
        });
    }

private:
    void settle(std::size_t page, bool with_ledger) {
        const auto read = must(store_->read_channel(producer_, seen_, page));
        if (read.size() != page || read.back().record.body.empty()) std::exit(2);
        commit(consumer_, [&](Commit& change) {
            seen_ += static_cast<Seq>(page);
            change.cursors = {{producer_, seen_}};
            for (std::size_t i = 0; with_ledger && i < page; ++i) {
                change.ledger.push_back(entry(next_key_++));
                change.links.push_back({"amazon_order.sales_order", change.ledger.back().key,
                                        std::to_string(next_key_)});
            }
        });
    }

    void commit(InstanceNumber instance, const std::function<void(Commit&)>& fill) {
        Commit change;
        change.instance = instance;
        change.epoch = store_->epoch();
        std::int64_t& last = instance == producer_ ? producer_commit_ : consumer_commit_;
        change.expected_commit = last;
        change.now = UtcTime(1);
        fill(change);
        last = must(store_->commit(change)).commit;
    }

    void report(const char* what, std::size_t pages, std::size_t page, std::size_t body,
                const std::function<void(std::size_t)>& work) {
        std::vector<double> milliseconds;
        const auto begin = SteadyClock::now();
        for (std::size_t i = 0; i < pages; ++i) {
            const auto start = SteadyClock::now();
            work(i);
            milliseconds.push_back(
                std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count());
        }
        const double seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
        std::sort(milliseconds.begin(), milliseconds.end());
        const double records = static_cast<double>(pages * page);
        std::printf(
            "%-38s page %5zu body %5zu: %9.0f records/s %8.2f us/record "
            "p50 %.2f p99 %.2f ms\n",
            what, page, body, records / seconds, seconds / records * 1e6, milliseconds[pages / 2],
            milliseconds[pages * 99 / 100]);
        std::fflush(stdout);
    }

    static std::vector<Record> make_records(std::size_t count, std::size_t body) {
        std::vector<Record> records(count);
        for (std::size_t i = 0; i < count; ++i) {
            Record& record = records[i];
            record.type = "amazon.order/1";
            record.origin = "NA1";
            record.partition = "US";
            record.key = key_of(i);
            record.version = UtcTime(1'790'000'000'000 + static_cast<std::int64_t>(i));
            record.event_time = record.version - Milliseconds(60'000);
            record.value = "25.98 USD";
            record.body = std::string(body, 'x');
        }
        return records;
    }

    static std::string key_of(std::uint64_t number) {
        const std::uint64_t mixed = number * 0x9e3779b97f4a7c15;
        char text[32];
        std::snprintf(text, sizeof text, "%03u-%07u-%07u", static_cast<unsigned>(mixed % 1000),
                      static_cast<unsigned>((mixed >> 10) % 10'000'000),
                      static_cast<unsigned>(number % 10'000'000));
        return text;
    }

    static LedgerEntry entry(std::uint64_t number) {
        LedgerEntry entry;
        entry.key = key_of(number);
        entry.version = UtcTime(1'790'000'000'000);
        entry.target_ids = R"({"salesOrder":"1234567"})";
        return entry;
    }

    std::uint64_t random() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        return state_ ^= state_ << 17;
    }

    std::filesystem::path file_;
    std::unique_ptr<Store> store_;
    InstanceNumber producer_ = 0;
    InstanceNumber consumer_ = 0;
    std::int64_t producer_commit_ = 0;
    std::int64_t consumer_commit_ = 0;
    Seq seen_ = 0;
    std::uint64_t next_key_ = 0;
    std::uint64_t state_ = 88172645463325252;
};

}  // namespace

int main(int argc, char** argv) {
    std::string name = (std::filesystem::path(
                            argc > 1 ? argv[1] : std::filesystem::temp_directory_path().c_str()) /
                        "carrick-bench-XXXXXX")
                           .string();
    if (::mkdtemp(name.data()) == nullptr) return 1;
    {
        Bench bench(name);
        bench.append_and_settle(500, 1000, 300);
        bench.append_and_settle(200, 1000, 1200);
        bench.append_and_settle(1000, 100, 300);
        bench.append_and_settle(1000, 100, 1200);
        bench.append_and_settle(2000, 1, 1200);
        bench.settle_with_ledger(1000, 1000, true);  // now a million keys
        bench.settle_with_ledger(100, 1000, true);
        bench.settle_with_ledger(100, 1000, false);
        bench.settle_with_ledger(300, 100, true);
        bench.settle_with_ledger(300, 100, false);
        bench.whole_page(100, 1000, 300);
        bench.whole_page(300, 100, 300);
        bench.whole_page(300, 100, 1200);
        bench.open_and_settle(50, 1000);
        bench.open_and_settle(200, 100);
    }
    std::filesystem::remove_all(name);
    return 0;
}
