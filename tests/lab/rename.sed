# The roles' loopback addresses to names and addresses reserved for documentation (RFC 2606, RFC 5737); the lab's
# folder to one that does not change from run to run.
s/127\.0\.2\.1([0-9])(\[|\))/mx.role1\1.example\2/g
s/127\.0\.2\.2([0-9])\[/mx.role2\1.example[/g
s/127\.0\.2\.3([0-9])\[/mx.role3\1.example[/g
s/127\.0\.2\.([0-9]+)/192.0.2.\1/g
s/role10\.example/mailbox.example/g
s/role11\.example/other.example/g
s/role12\.example/third.example/g
s/role13\.example/fourth.example/g
s/role14\.example/fifth.example/g
s/role20\.example/closed.example/g
s/role21\.example/busy.example/g
s/role22\.example/mute.example/g
s/role23\.example/listed.example/g
s/role24\.example/helo.example/g
s/role25\.example/nosender.example/g
s/role26\.example/nodomain.example/g
s/role27\.example/tlsonly.example/g
s/role28\.example/brokentls.example/g
s/role29\.example/small.example/g
s/role31\.example/refused.example/g
s/\]:10025/]:25/g
s/:10025:/:25:/g
s#/tmp/bounce-lab\.[A-Za-z0-9]+#/srv/lab#g
