/* Functions of the page that need no browser. */
import { expect, test } from "@playwright/test";
import { moneyInWords } from "../src/format";

test("money in words, from the unit of the world", () => {
  const unit = "million US dollars, current prices";
  expect(moneyInWords(257731.4, unit)).toBe("+257.7 billion US dollars");
  expect(moneyInWords(-331.29, unit)).toBe("−331.3 million US dollars");
  expect(moneyInWords(-0.0125, unit)).toBe("−12.5 thousand US dollars");
  expect(moneyInWords(1.5e7, unit, false)).toBe("15 trillion US dollars");
  expect(moneyInWords(0, unit)).toBe("0 US dollars");
  expect(moneyInWords(12, "euro")).toBe("+12 euro");
  expect(moneyInWords(3, "")).toBe("+3");
});
