// SPDX-License-Identifier: Apache-2.0
// The operations of the Reports API 2021-06-30, and the storage that its document URLs lead to.
#pragma once

#include "examples/sandbox/amazon/reports/report_desk.hpp"
#include "examples/sandbox/amazon/routes.hpp"

#include <mutex>

namespace carrick::sandbox {

/// Who asks, and with what kind of token.
struct ReportCaller {
    const SellerAccount& seller;
    bool restricted;  ///< with a restricted data token that names this very request
};

/// Thread-safe.
class ReportsApi {
public:
    ReportsApi(const Environment& environment, std::uint64_t seed);

    [[nodiscard]] Response handle(const Request& request, const Route& route,
                                  const ReportCaller& caller);
    /// GET of a document's URL: no token, only the URL's own signature and five minutes.
    [[nodiscard]] Response download(const Request& request, const std::string& document_id);

    [[nodiscard]] Json snapshot() const;
    [[nodiscard]] Result<void> restore(const Json& snapshot);
    void reset();
    [[nodiscard]] std::uint64_t made() const;

private:
    [[nodiscard]] Response create(const Request& request, const SellerAccount& seller);
    [[nodiscard]] Response list(const Request& request, const SellerAccount& seller);
    [[nodiscard]] Response cancel(const Request& request, const Route& route,
                                  const SellerAccount& seller);
    [[nodiscard]] Response document(const Request& request, const Route& route,
                                    const ReportCaller& caller);
    [[nodiscard]] Response create_schedule(const Request& request, const SellerAccount& seller);
    [[nodiscard]] Response schedules(const Request& request, const SellerAccount& seller) const;
    [[nodiscard]] Response one_schedule(const Route& route, const SellerAccount& seller) const;
    [[nodiscard]] std::string signature(std::string_view document_id, std::string_view made,
                                        bool encoded) const;

    Environment environment_;
    std::uint64_t seed_;
    mutable std::mutex mutex_;
    ReportDesk desk_;
};

/// An error as the storage words it: XML, not JSON.
[[nodiscard]] Response storage_error(int status, std::string_view code, std::string_view message);

}  // namespace carrick::sandbox
