// Words that a program wrote, whoever's account it used: a stale bot's warning, a greeting of who is new, a request to
// sign a licence agreement. They answer nobody and ask nobody. Told by the sentences that such programs come with.
// Pure, linear in the first bytes of the text.
#pragma once

#include <string_view>

namespace resident {

bool is_stock_notice(std::string_view body);

}  // namespace resident
