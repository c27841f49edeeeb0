#include <gtest/gtest.h>

#include <base/error.hpp>
#include <base/marked_regions.hpp>

namespace resident {
namespace {

using Names = std::vector<std::string>;

const std::vector<MarkedRegion> kOld{{"one", "\nfirst\n"}, {"two", "\nsecond\n"}};
const std::vector<MarkedRegion> kNew{{"one", "\nFIRST\n"}, {"two", "\nSECOND\n"}};

std::string post() {
  return "---\ntitle: mine\n---\n\nHello.\n" + marked_text(kOld[0]) + "Between, by hand.\n" + marked_text(kOld[1]) +
         "The end";
}

TEST(MarkedRegions, OutsideNothingIsTouched) {
  const RefreshedText done = refresh_regions(post(), kNew, false);
  EXPECT_EQ(done.text, "---\ntitle: mine\n---\n\nHello.\n" + marked_text(kNew[0]) + "Between, by hand.\n" +
                           marked_text(kNew[1]) + "The end");
  EXPECT_EQ(done.changed, (Names{"one", "two"}));
  const RefreshedText again = refresh_regions(done.text, kNew, false);
  EXPECT_EQ(again.text, done.text);
  EXPECT_EQ(again.same, (Names{"one", "two"}));
}

TEST(MarkedRegions, WhatWasEditedIsKeptUnlessForced) {
  std::string text = post();
  text.replace(text.find("second"), 6, "my own words");
  const RefreshedText kept = refresh_regions(text, kNew, false);
  EXPECT_EQ(kept.edited, (Names{"two"}));
  EXPECT_NE(kept.text.find("my own words"), std::string::npos);
  EXPECT_NE(kept.text.find("FIRST"), std::string::npos);
  const RefreshedText still = refresh_regions(kept.text, kNew, false);
  EXPECT_EQ(still.edited, (Names{"two"})) << "edited for ever, not only once";
  const RefreshedText forced = refresh_regions(text, kNew, true);
  EXPECT_EQ(forced.text.find("my own words"), std::string::npos);
  EXPECT_EQ(forced.changed, (Names{"one", "two"}));
}

TEST(MarkedRegions, OneThatWasTakenOutStaysOut) {
  const std::string text = "Only\n" + marked_text(kOld[1]);
  const RefreshedText done = refresh_regions(text, kNew, false);
  EXPECT_EQ(done.missing, (Names{"one"}));
  EXPECT_EQ(done.text, "Only\n" + marked_text(kNew[1]));
  EXPECT_NE(refresh_regions(text, kNew, true).text.find("FIRST"), std::string::npos);
  EXPECT_EQ(refresh_regions(post(), {kNew[0]}, false).others, (Names{"two"}));
}

TEST(MarkedRegions, LineEndsOfWindowsStay) {
  std::string text;
  for (const char c : post()) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const RefreshedText same = refresh_regions(text, kOld, false);
  EXPECT_EQ(same.same, (Names{"one", "two"})) << "line ends are no edit";
  EXPECT_EQ(same.text, text);
  const RefreshedText done = refresh_regions(text, kNew, false);
  EXPECT_NE(done.text.find("FIRST\r\n"), std::string::npos);
  EXPECT_EQ(done.text.find("FIRST\n"), std::string::npos);
}

TEST(MarkedRegions, MarksThatDoNotFitAreNamed) {
  const auto fault = [](const std::string& text) -> std::string {
    try {
      refresh_regions(text, kNew, false);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(fault("a\n<!-- resident:begin one x -->\nb\n"), "line 2: one has no end");
  EXPECT_EQ(fault("<!-- resident:end one -->\n"), "line 1: an end without its begin");
  EXPECT_EQ(fault("<!-- resident:begin one x -->\n<!-- resident:begin two x -->\n"), "line 2: two begins within one");
  EXPECT_EQ(fault(marked_text(kOld[0]) + marked_text(kOld[0])), "line 5: one begins a second time");
  EXPECT_EQ(fault(""), "none");
}

TEST(MarkedRegions, ABodyCannotHoldMarks) {
  const std::string text = marked_text({"one", "a\n  <!-- resident:end one -->\nb\n<!-- resident:begin two x -->\n"});
  EXPECT_EQ(refresh_regions(text, {{"one", "a\nb\n"}}, false).same, (Names{"one"}));
}

}  // namespace
}  // namespace resident
