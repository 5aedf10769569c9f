import validator from 'validator';
import { chineseDate } from '../../policy/texts.ts';
import type { NoticeContent } from '../../store/notices/content.ts';

/** Sets a notice like an official letter (公文): A4, title centred, office and date at the lower right. */
const style = `
  @page { size: A4; margin: 25mm 26mm; }
  body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #000; background: #fff;
    font: 12pt/1.8 FangSong, STFangsong, "FangSong_GB2312", SimSun, "Songti SC", "Noto Serif CJK SC", serif; }
  h1 { font: bold 18pt/1.4 SimHei, "Heiti SC", "Noto Sans CJK SC", sans-serif; text-align: center; margin: 0 0 .5rem; }
  .number { text-align: center; margin: 0 0 2rem; }
  p, li { overflow-wrap: anywhere; white-space: pre-line; margin: 0; }
  section p { text-indent: 2em; }
  ol { margin: 0; padding-left: 4em; }
  footer { margin-top: 3rem; text-align: right; break-inside: avoid; }
  @media print { body { max-width: none; margin: 0; padding: 0; } li { break-inside: avoid; } }
`;

/** A notice (告知书) as a page to read and to print on A4; what people wrote is escaped. */
export function noticePage({ title, documentNumber, addressee, sections, office, issuedOn }: NoticeContent): string {
  const text = validator.escape;
  const item = (content: string) => `<li>${text(content)}</li>`;
  const body = sections.map((section) => {
    const items = section.items ? `\n<ol>${section.items.map(item).join('\n')}</ol>` : '';
    return `<section><p>${text(section.text)}</p>${items}</section>`;
  });
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${text(`${title} ${documentNumber}`)}</title>
<style>${style}</style>
</head>
<body>
<h1>${text(title)}</h1>
<p class="number">${text(documentNumber)}</p>
<p>${text(addressee)}:</p>
${body.join('\n')}
<footer><p>${text(office)}</p><p>${chineseDate(issuedOn)}</p></footer>
</body>
</html>
`;
}
