// SPDX-License-Identifier: Apache-2.0
// Any bytes as a decimal: read or refused, and what was read must survive its own text.
#include <carrick/sdk/money.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using carrick::Decimal;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto& parsed : {Decimal::parse(text), Decimal::parse_number_token(text)}) {
        if (!parsed) continue;
        const auto again = Decimal::parse(parsed->text());
        if (!again || *again != *parsed || again->text() != parsed->text()) std::abort();
        if (const auto zero = parsed->minus(*parsed); zero && !zero->is_zero()) std::abort();
        if (const auto rounded = parsed->rounded(2);
            rounded && rounded->scale() > 2 && parsed->scale() > 2)
            std::abort();
        const auto money = carrick::Money::parse(parsed->text(), "EUR");
        const std::int64_t weights[] = {3, 1, 7};
        if (!money) continue;
        const auto parts = money->allocate(weights);
        if (!parts) continue;
        carrick::Money sum = carrick::Money::zero(money->currency());
        for (const carrick::Money& part : *parts) sum = sum.plus(part).value();
        if (!(sum == *money)) std::abort();
    }
    return 0;
}
