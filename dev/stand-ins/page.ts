import type { OutboxNotification } from './outbox.ts';

const SHOWN = 200;

const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --soft: #8881; --sms: #0a7d5a; --email: #2f5fd0; }
  body { font: 15px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif;
    max-width: 46rem; margin: 0 auto; padding: 2rem 1rem; }
  h1 { font-size: 1.4rem; margin: 0; }
  header p, time, .address { color: #888; font-size: .85rem; margin: 0; }
  article { border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; margin-top: 1rem;
    background: var(--soft); }
  article > div { display: flex; gap: .6rem; align-items: baseline; flex-wrap: wrap; }
  .kind { color: #fff; border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; }
  .sms { background: var(--sms); } .email { background: var(--email); }
  time { margin-left: auto; font-variant-numeric: tabular-nums; }
  h2 { font-size: 1rem; margin: .5rem 0 0; }
  article > p { margin: .4rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  .empty { text-align: center; color: #888; padding: 4rem 0; }
`;

/** The page that shows what would have reached people, newest first. */
export function outboxPage(notifications: OutboxNotification[]): string {
  const cards = notifications.slice(0, SHOWN).map(card).join('');
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
<title>已发出的消息</title><style>${STYLE}</style>
</head>
<body>
<header><h1>已发出的消息</h1><p>本机演示用：短信和邮件只到这里，不会真的发给任何人。共 ${notifications.length} 条${
    notifications.length > SHOWN ? `，显示最新的 ${SHOWN} 条` : ''
  }，每 5 秒刷新。</p></header>
${cards || '<p class="empty">还没有消息。</p>'}
</body>
</html>`;
}

const providerNames = { twilio: 'Twilio', aliyun: '阿里云' };

function card(notification: OutboxNotification): string {
  const { kind, at, to, body } = notification;
  const name = notification.kind === 'sms' ? `短信 · ${providerNames[notification.provider]}` : '邮件';
  const subject = notification.kind === 'email' ? `<h2>${escapeHtml(notification.subject)}</h2>` : '';
  return `<article><div><span class="kind ${kind}">${name}</span><span class="address">至 ${escapeHtml(to)}</span>
<time datetime="${at}">${shanghaiTime(at)}</time></div>${subject}<p>${escapeHtml(body)}</p></article>`;
}

function shanghaiTime(instant: string): string {
  return new Date(instant).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false });
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
