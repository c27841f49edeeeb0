// The picture that stands for a page where others link to it (Open Graph): its title, what it says, and the curve
// behind it, as SVG of 1200 by 630. Nothing in it is fetched; all text is escaped and bounded.
#pragma once

#include <framework/result.hpp>
#include <string>

namespace resident {

inline constexpr int kCardWidth = 1200, kCardHeight = 630;

struct Card {
  std::string project, title, sentence;
  std::string foot;               // quietly, below: as of when
  const Result* drawn = nullptr;  // whose chart is drawn; null: none
};
std::string card_svg(const Card& card);

}  // namespace resident
